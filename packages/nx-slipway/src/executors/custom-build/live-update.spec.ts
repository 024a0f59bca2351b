import { executorContext } from '../../testing/executor-context';
import { slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { workspaceOf } from '../workspace';
import { assertLiveUpdate, liveUpdateOption } from './live-update';

const folder = useTempFolder();

const workspace = () =>
  workspaceOf(
    executorContext({
      root: folder.path,
      projects: { app: { root: 'apps/app', targets: { 'custom-build': {} } } },
    }),
  );
const depsOn = (...paths: string[]) => ({
  root: folder.path,
  projectRoot: folder.at('apps/app'),
  manifests: [],
  deps: paths.map((path) => ({ path: folder.at(path) })),
  ignore: [],
  outputs: [],
});
const SYNC = { sync: { from: 'src', to: '/app/src' } };

it('is nothing without steps', () => {
  expect(liveUpdateOption({}, workspace())).toBeUndefined();
  expect(liveUpdateOption({ liveUpdate: [] }, workspace())).toBeUndefined();
});

it('has paths of the project, and of the workspace where that is written', async () => {
  const written = [
    { fallBackOn: ['a', '{workspaceRoot}/b'] },
    { sync: { from: '{workspaceRoot}/libs/x', to: '/x' } },
    { run: 'y', trigger: '{workspaceRoot}/c' },
  ];
  await folder.write({
    'apps/app/project.json': JSON.stringify({
      targets: { 'custom-build': { options: { liveUpdate: written } } },
    }),
  });
  // As Nx hands them on.
  const liveUpdate = [
    { fallBackOn: ['a', 'b'] },
    { sync: { from: 'libs/x', to: '/x' } },
    { run: 'y', trigger: 'c' },
  ];
  expect(liveUpdateOption({ liveUpdate }, workspace())).toMatchObject({
    fallBackOn: [
      { path: 'apps/app/a', written: 'a' },
      { path: 'b', written: '{workspaceRoot}/b' },
    ],
    syncs: [{ from: { path: 'libs/x' } }],
    runs: [{ trigger: [{ path: 'c' }] }],
  });
});

describe('with deps', () => {
  const given = (deps: string[], imageDeps?: string[]) => () =>
    assertLiveUpdate(
      { liveUpdate: [SYNC], imageDeps },
      workspace(),
      depsOn(...deps),
    );

  it('wants what it names to be in them', () => {
    expect(given(['apps/app'])).not.toThrow();
    expect(given(['apps/app/lib'])).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /lies in none of the deps/),
    );
  });

  it('leaves to others what images below may hold', () => {
    expect(given(['apps/app/lib'], ['base'])).not.toThrow();
  });
});
