import { slipwayError } from '../../testing/slipway-error';
import { liveUpdate, rule, sync } from '../testing/rules';
import { assertTaken } from './taken';

const deps = (...paths: string[]) => ({
  root: '/work (1)/ws',
  projectRoot: '/work (1)/ws/app',
  manifests: [],
  deps: paths.map((path) => ({ path: `/work (1)/ws/${path}` })),
  ignore: [],
  outputs: [],
});

const given = (from: string, fallBackOn: string[], ...all: string[][]) =>
  assertTaken(
    liveUpdate({
      syncs: [sync(from, '/app')],
      fallBackOn: fallBackOn.map(rule),
    }),
    all.map((each) => deps(...each)),
  );

it.each([
  ['app/src', [], [['app']]],
  ['app', [], [['app']]],
  ['app', [], [['']]],
  ['base/src', [], [['app'], ['base']]],
  ['app/src', ['app/package.json'], [['app/src', 'app/package.json']]],
  ['app/src', [], [['app/**/*.js']]],
  ['app/[id]', [], [['app/[id]']]],
  ['app/src', ['app/**/package.json'], [['app/src', 'app/package.json']]],
])('takes %s, %j from deps %j', (from, fallBackOn, all) => {
  expect(() => given(from, fallBackOn, ...all)).not.toThrow();
});

it.each([
  ['app', [], [['app/src']], /sync.from .*"app" \(app\).*: app\/src/],
  ['lib/src', [], [['app'], ['base']], /: app, base\./],
  ['app/src', ['package.json'], [['app']], /fallBackOn .*"package.json"/],
  ['app/src', ['lib/**'], [['app']], /fallBackOn .*"lib\/\*\*"/],
  ['app/src', [], [[]], /there are none/],
])('refuses %s, %j where deps are %j', (from, fallBackOn, all, message) => {
  expect(() => given(from, fallBackOn, ...all)).toThrow(
    slipwayError('SLIPWAY_E_OPTION_INVALID', message),
  );
});

it('leaves what a target makes to that target', () => {
  const made = { ...sync('app/dist', '/app'), target: 'build' };
  expect(() =>
    assertTaken(liveUpdate({ syncs: [made] }), [deps('app/src')]),
  ).not.toThrow();
});
