import { rule } from '../testing/rules';
import { runsFor } from './runs-for';

const run = (written: string, ...trigger: string[]) => ({
  argv: [written],
  written,
  ...(trigger.length > 0 && { trigger: trigger.map(rule) }),
});

const RUNS = [
  run('always'),
  run('src', 'app/src'),
  run('lock', 'app/package-lock.json', 'app/yarn.lock'),
  run('sql', 'db/**/*.sql'),
];

it.each([
  [['app/x'], ['always']],
  [['app/src/deep/a.js'], ['always', 'src']],
  [['app/srcs/a.js'], ['always']],
  [
    ['db/one/a.sql', 'app/yarn.lock'],
    ['always', 'lock', 'sql'],
  ],
  [[], []],
])('of %j these are due: %j', (sources, due) => {
  const found = runsFor({ runs: RUNS }, new Set(sources));
  expect(found.map(({ written }) => written)).toEqual(due);
});
