import { executorContext } from '../../testing/executor-context';
import { slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { SlipwayError } from '../../report';
import { parseRegistry, type PluginOptions } from '../../settings';
import { workspaceOf } from '../workspace';
import { planBuild, type Here } from './options';
import type { CustomBuildExecutorSchema } from './schema';

const folder = useTempFolder();

const here: Here = {
  platform: 'linux',
  arch: 'x64',
  env: { CI: 'true' },
  pluginVersion: '1.2.3',
};

/** The plan for project `app`, its options as Nx hands them on. */
function plan(
  options: Partial<CustomBuildExecutorSchema> = {},
  plugin: PluginOptions = {},
  machine: Partial<Here> = {},
) {
  const inputs = [{ env: 'CI' }, { env: 'UNSET' }];
  const context = executorContext({
    root: folder.path,
    nxJson: { plugins: [{ plugin: 'nx-slipway', options: plugin }] },
    projects: {
      app: { root: 'apps/app', targets: { 'custom-build': { inputs } } },
      lib: { root: 'libs/lib' },
    },
    edges: { app: ['lib'] },
  });
  const whole = { ref: 'frontend', command: 'make', ...options };
  return planBuild(whole, workspaceOf(context), { ...here, ...machine });
}

/** What project.json says of the options, where it has `{workspaceRoot}`. */
function write(options: Readonly<Record<string, unknown>>): Promise<void> {
  const targets = { 'custom-build': { options } };
  return folder.write({ 'apps/app/project.json': JSON.stringify({ targets }) });
}

describe('a plan', () => {
  it('is the same whatever running containers are given', () => {
    const liveUpdate = [{ sync: { from: 'src', to: '/app' } }];
    expect(plan({ liveUpdate })).toEqual(plan());
  });

  it('has its defaults', () => {
    const recordFile = folder.at('.nx/slipway/app.json');
    expect(plan()).toEqual({
      root: folder.path,
      imageName: { domain: 'docker.io', path: 'library/frontend' },
      command: 'make',
      dir: folder.at('apps/app'),
      env: {},
      deps: {
        root: folder.path,
        projectRoot: folder.at('apps/app'),
        manifests: ['{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}'],
        deps: [{ path: folder.at('apps/app') }],
        ignore: [],
        outputs: [recordFile],
      },
      facts: {
        dir: 'apps/app',
        envInputs: { CI: 'true', UNSET: undefined },
        store: 'docker',
        tag: '',
        output: '',
        naming: 'escape',
        singleName: '',
        pluginVersion: '1.2.3',
      },
      platform: { os: 'linux', architecture: 'amd64' },
      store: 'docker',
      source: { kind: 'expected' },
      imageDeps: [],
      push: false,
      pin: 'both',
      tagPrefix: 'nx',
      keep: 5,
      recordFile,
    });
  });

  it('finds deps, dir and record below the project or the root', async () => {
    await write({
      deps: ['src', '{workspaceRoot}/libs/**/*.ts'],
      dir: '{workspaceRoot}',
      recordFile: '{workspaceRoot}/dist/app.json',
    });
    const deps = ['src', 'libs/**/*.ts'];
    const made = plan({ deps, dir: '', recordFile: 'dist/app.json' });
    expect(made.deps.deps).toEqual([
      { path: folder.at('apps/app/src') },
      { path: folder.at('libs/**/*.ts') },
    ]);
    expect(made.dir).toBe(folder.path);
    expect(made.facts.dir).toBe('');
    expect(made.recordFile).toBe(folder.at('dist/app.json'));
    expect(made.deps.outputs).toEqual([made.recordFile]);
  });

  it('takes a named input of the projects it depends on for files', () => {
    const { deps } = plan({ deps: [{ input: '^default' }] }).deps;
    expect(deps).toEqual([{ path: folder.at('libs/lib/**/*'), except: [] }]);
  });

  it('hashes a dir the same wherever the workspace lies', () => {
    expect(plan({ dir: '../../../outside' }).facts.dir).toBe('../outside');
  });

  it('takes commandBat on Windows alone', () => {
    const commandBat = 'make.bat';
    expect(plan({ commandBat }).command).toBe('make');
    const onWindows = plan({ commandBat }, {}, { platform: 'win32' });
    expect(onWindows.command).toBe(commandBat);
    expect(plan({}, {}, { platform: 'win32' }).command).toBe('make');
  });

  it('parses platform and timeout', () => {
    expect(plan({ platform: 'linux/arm/v7', timeout: '5m' })).toMatchObject({
      platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
      timeout: 300_000,
    });
  });
});

describe('the registry', () => {
  const ofWorkspace = { registry: 'localhost:5000' };

  it('is that of nx.json, unless the option names another or none', () => {
    const hostOf = (registry?: string) =>
      plan({ registry }, ofWorkspace).registry?.host;
    expect(hostOf()).toBe('localhost:5000');
    expect(hostOf('gcr.io/acme')).toBe('gcr.io/acme');
    expect(hostOf('')).toBeUndefined();
  });

  it('has its naming hashed, and never its host', () => {
    const registry = {
      host: 'gcr.io',
      naming: 'preserve',
      singleName: 'all',
    } as const;
    expect(plan({ registry })).toMatchObject({
      registry: parseRegistry(registry, 'registry'),
      facts: { naming: 'preserve', singleName: 'all' },
    });
    expect(plan({}, ofWorkspace).facts).toEqual(plan().facts);
  });

  it.each([
    ['auto', true, true],
    ['auto', false, false],
    ['always', false, true],
    ['never', true, false],
    [undefined, true, true],
    [undefined, false, false],
  ] as const)('with push %s, set: %s, is pushed to: %s', (push, isSet, is) => {
    const made = plan({ ref: 'acme/x', push }, isSet ? ofWorkspace : {});
    expect(made.push).toBe(is);
  });
});

describe('options that are wrong', () => {
  it('are refused by name when there are none of that name', () => {
    const options = { reff: 'x', __unparsed__: [] } as object;
    expect(() => plan(options)).toThrow(
      slipwayError('SLIPWAY_E_OPTION_UNKNOWN', /no option "reff"\.$/),
    );
  });

  it.each([
    [{ ref: 'Frontend' }, 'SLIPWAY_E_REF_INVALID', /lower case/],
    [{ ref: `x@sha256:${'a'.repeat(64)}` }, 'SLIPWAY_E_REF_INVALID', /^ref is/],
    [{ platform: 'amd64' }, 'SLIPWAY_E_OPTION_INVALID', /^platform/],
    [{ timeout: 'soon' }, 'SLIPWAY_E_OPTION_INVALID', /^timeout/],
    [{ registry: 'http://x' }, 'SLIPWAY_E_OPTION_INVALID', /^registry/],
    [{ deps: [{ input: 'gone' }] }, 'SLIPWAY_E_OPTION_INVALID', /"gone"/],
    [{ command: ' ' }, 'SLIPWAY_E_OPTION_INVALID', /^command is empty/],
    [{ keep: 0 }, 'SLIPWAY_E_OPTION_INVALID', /^keep is 0/],
    [{ keep: 1.5 }, 'SLIPWAY_E_OPTION_INVALID', /^keep is 1.5/],
    [{ recordFile: '../../../r' }, 'SLIPWAY_E_OPTION_INVALID', /not a file/],
    [{ recordFile: 'project.json' }, 'SLIPWAY_E_OPTION_INVALID', /Nx's own/],
    [{ imageDeps: ['Base'] }, 'SLIPWAY_E_REF_INVALID', /lower case/],
    [{ liveUpdate: [{}] }, 'SLIPWAY_E_OPTION_INVALID', /^step 1 of live/],
  ] as const)('are refused: %j', (options, code, why) => {
    expect(() => plan(options as Partial<CustomBuildExecutorSchema>)).toThrow(
      slipwayError(code, why),
    );
  });

  it.each(['x;reboot', 'x y', 'x\nreboot', '$(reboot)', '`reboot`', '--all'])(
    'never reach a program or Docker: %j',
    (hostile) => {
      const options: Partial<CustomBuildExecutorSchema>[] = [
        { ref: hostile },
        { ref: `x:${hostile}` },
        { tag: hostile },
        { imageDeps: [hostile] },
        { registry: hostile },
        { registry: { host: 'localhost:5000', singleName: hostile } },
        { platform: hostile },
        { timeout: hostile },
      ];
      for (const one of options) {
        expect(() => plan(one)).toThrow(SlipwayError);
      }
      expect(() => plan({}, { tagPrefix: hostile })).toThrow(
        slipwayError('SLIPWAY_E_OPTION_INVALID', /tagPrefix/),
      );
    },
  );
});
