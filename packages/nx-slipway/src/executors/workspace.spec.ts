import type { NxJsonConfiguration } from '@nx/devkit';
import { executorContext } from '../testing/executor-context';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { workspaceOf, type Workspace } from './workspace';

const folder = useTempFolder();

interface Written {
  /** In project.json; `{workspaceRoot}` is still in it. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly configurations?: Readonly<Record<string, unknown>>;
  readonly configuration?: string;
  readonly nxJson?: NxJsonConfiguration;
  /** `project.json` unless set. */
  readonly file?: string;
}

/** A workspace whose project `app` was written so. */
async function workspace(written: Written = {}): Promise<Workspace> {
  const { options, configurations, file = 'project.json' } = written;
  const project = { targets: { 'custom-build': { options, configurations } } };
  const isPackage = file === 'package.json';
  await folder.write({
    [`apps/app/${file}`]: JSON.stringify(isPackage ? { nx: project } : project),
  });
  const target = {
    executor: 'nx-slipway:custom-build',
    inputs: ['default', { env: 'CI' }, { runtime: 'x' }, 'shared'],
  };
  return workspaceOf(
    executorContext({
      root: folder.path,
      configuration: written.configuration,
      nxJson: written.nxJson,
      projects: {
        app: { root: 'apps/app', targets: { 'custom-build': target } },
      },
    }),
  );
}

it('knows its project, its options and its env inputs', async () => {
  const nxJson = {
    plugins: [{ plugin: 'nx-slipway', options: { tagPrefix: 'ci' } }],
    namedInputs: { shared: [{ env: 'REGION' }] },
  };
  expect(await workspace({ nxJson })).toMatchObject({
    root: folder.path,
    projectName: 'app',
    projectRoot: folder.at('apps/app'),
    options: { tagPrefix: 'ci' },
    envInputs: ['CI', 'REGION'],
  });
});

it('refuses to run without a project', () => {
  const context = executorContext({ root: '/ws', project: 'x', projects: {} });
  expect(() => workspaceOf(context)).toThrow(
    slipwayError('SLIPWAY_E_OPTION_INVALID'),
  );
});

// The values are as Nx 23 hands them on: the token is gone.
describe('a path', () => {
  it('is relative to the project root', async () => {
    const { path } = await workspace({ options: { dir: 'docker' } });
    expect(path('dir', 'docker')).toBe(folder.at('apps/app/docker'));
    expect(path('dir', '../lib')).toBe(folder.at('apps/lib'));
  });

  it.each(['project.json', 'package.json'])(
    'is relative to the root if %s says {workspaceRoot}',
    async (file) => {
      const options = { dir: '{workspaceRoot}/docker' };
      const { path } = await workspace({ options, file });
      expect(path('dir', 'docker')).toBe(folder.at('docker'));
    },
  );

  it('is the root itself for {workspaceRoot} alone', async () => {
    const { path } = await workspace({ options: { dir: '{workspaceRoot}' } });
    expect(path('dir', '')).toBe(folder.path);
  });

  it('is told by its place in a list', async () => {
    const options = { deps: ['src', '{workspaceRoot}/libs', { input: 'x' }] };
    const { path } = await workspace({ options });
    expect(path('deps', 'src', 0)).toBe(folder.at('apps/app/src'));
    expect(path('deps', 'libs', 1)).toBe(folder.at('libs'));
  });

  it('may come from a configuration', async () => {
    const { path } = await workspace({
      options: { dir: 'docker' },
      configurations: { ci: { dir: '{workspaceRoot}/docker' } },
      configuration: 'ci',
    });
    expect(path('dir', 'docker')).toBe(folder.at('docker'));
  });

  it.each(['custom-build', 'custom-*', 'nx-slipway:custom-build'])(
    'may come from the targetDefaults of %s',
    async (key) => {
      const options = { dir: '{workspaceRoot}/docker' };
      const nxJson = { targetDefaults: { [key]: { options } } };
      const { path } = await workspace({ nxJson });
      expect(path('dir', 'docker')).toBe(folder.at('docker'));
    },
  );

  it('is not mistaken for what it overrides on the command line', async () => {
    const { path } = await workspace({
      options: { dir: '{workspaceRoot}/docker', deps: ['{workspaceRoot}/lib'] },
    });
    expect(path('dir', 'other')).toBe(folder.at('apps/app/other'));
    expect(path('deps', 'src', 0)).toBe(folder.at('apps/app/src'));
    expect(path('dir', '{workspaceRoot}/other')).toBe(folder.at('other'));
  });

  it('is found with the tokens that Nx has replaced', async () => {
    const dir = '{workspaceRoot}/dist/{projectRoot}/{projectName}';
    const { path } = await workspace({ options: { dir } });
    expect(path('dir', 'dist/apps/app/app')).toBe(
      folder.at('dist/apps/app/app'),
    );
  });
});

it('turns a named input into files', async () => {
  const { filesets } = await workspace();
  expect(filesets('default').include).toEqual([folder.at('apps/app/**/*')]);
});
