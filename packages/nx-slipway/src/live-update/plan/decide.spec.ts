import fc from 'fast-check';
import { anyLiveUpdate, anyPath } from '../testing/any-live-update';
import { liveUpdate, rule, sync } from '../testing/rules';
import { decide } from './decide';

const RULES = liveUpdate({
  syncs: [sync('app', '/app')],
  fallBackOn: [rule('app/package.json'), rule('app/native')],
});

it('brings what syncs take', () => {
  expect(decide(RULES, ['app/a.js', 'app/b/c.js'])).toEqual({ kind: 'sync' });
  expect(decide(RULES, [])).toEqual({ kind: 'sync' });
});

it.each([
  [
    ['app/a.js', 'app/package.json'],
    'app/package.json',
    'fallBackOn "app/package.json"',
  ],
  [['app/native/x.c'], 'app/native/x.c', 'fallBackOn "app/native"'],
  [['app/a.js', 'lib/b.js'], 'lib/b.js', 'no sync takes it'],
  [
    ['x', 'lib/b.js', 'app/package.json'],
    'app/package.json',
    'fallBackOn "app/package.json"',
  ],
  [['x', 'lib/b.js'], 'lib/b.js', 'no sync takes it'],
])('builds for one of %j, the first by path', (changed, file, why) => {
  expect(decide(RULES, changed)).toEqual({ kind: 'build', file, rule: why });
});

it('takes what the target of a sync reads, but for fallBackOn', () => {
  const feeds = (path: string) =>
    path.startsWith('lib/') || path.startsWith('app/native');
  expect(decide(RULES, ['lib/b.ts'], feeds).kind).toBe('sync');
  expect(decide(RULES, ['app/native/x'], feeds).kind).toBe('build');
});

describe('without any sync', () => {
  const run = (...trigger: string[]) => ({
    argv: ['x'],
    written: 'x',
    trigger: trigger.map(rule),
  });
  it('takes what triggers a run', () => {
    const rules = liveUpdate({ runs: [run('conf'), run('**/*.sql')] });
    expect(decide(rules, ['conf/a', 'db/x.sql']).kind).toBe('sync');
    expect(decide(rules, ['conf/a', 'src/x'])).toEqual({
      kind: 'build',
      file: 'src/x',
      rule: 'no run is triggered by it',
    });
  });
  it('takes all for a run without trigger', () => {
    const rules = liveUpdate({
      runs: [{ argv: ['x'], written: 'x' }],
      fallBackOn: [rule('Dockerfile')],
    });
    expect(decide(rules, ['src/x']).kind).toBe('sync');
    expect(decide(rules, ['Dockerfile']).kind).toBe('build');
  });
});

it('builds for more files if it builds for some, and in any order', () => {
  const paths = fc.array(anyPath, { maxLength: 5 });
  fc.assert(
    fc.property(anyLiveUpdate, paths, paths, (rules, some, more) => {
      const few = decide(rules, some);
      const all = decide(rules, [...some, ...more]);
      if (few.kind === 'build') expect(all.kind).toBe('build');
      const reversed = decide(rules, [...more, ...some].reverse());
      expect(reversed).toEqual(all);
      const alone = some.map((path) => decide(rules, [path]).kind);
      expect(few.kind === 'build').toBe(alone.includes('build'));
    }),
  );
});
