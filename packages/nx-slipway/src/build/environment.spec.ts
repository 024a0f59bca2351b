import type { DockerEngine } from '../docker';
import { parseReference } from '../image';
import { parseBuildContext, parseRegistry } from '../settings';
import { recordingReporter } from '../testing/recording-reporter';
import { commandEnvironment } from './environment';
import type { BuildPlan, Parent, TaggedReference } from './plan';
import type { BuildSystems } from './systems';

const expected = parseReference(
  'localhost:5000/x:nx-build-1',
) as TaggedReference;

interface Given {
  /** The option `env`. */
  readonly env?: Record<string, string>;
  readonly shell?: Record<string, string>;
  readonly docker?: Record<string, string | undefined>;
  readonly parents?: readonly Parent[];
  readonly kubeconfig?: string;
}

async function environmentOf({ env, shell, docker, ...given }: Given = {}) {
  const reporter = recordingReporter();
  const plan = {
    root: '/w',
    imageName: parseReference('x'),
    registry: parseRegistry('localhost:5000', 'registry'),
    source: { kind: 'expected' },
    platform: { os: 'linux', architecture: 'arm64' },
    tagPrefix: 'nx',
    pin: 'both',
    env: env ?? {},
  } as unknown as BuildPlan;
  const systems = {
    docker: { env: docker ?? {} } as unknown as DockerEngine,
    env: shell ?? {},
    kubeconfig: given.kubeconfig,
    toolFolders: () => Promise.resolve(['/tools']),
    reporter,
  } as unknown as BuildSystems;
  const made = await commandEnvironment(
    plan,
    given.parents ?? [],
    systems,
    expected,
  );
  return { ...made, warnings: reporter.warnings };
}

describe('the environment of a command', () => {
  it('has the shell below env, and both below the contract', async () => {
    const { all, warnings } = await environmentOf({
      shell: { A: 'shell', B: 'shell', EXPECTED_REF: 'shell' },
      env: { B: 'env', EXPECTED_TAG: 'env' },
    });
    expect(all).toMatchObject({
      A: 'shell',
      B: 'env',
      EXPECTED_REF: 'localhost:5000/x:nx-build-1',
      EXPECTED_TAG: 'nx-build-1',
    });
    expect(warnings).toEqual([
      'env sets EXPECTED_TAG, which nx-slipway sets itself: its own value is used.',
    ]);
  });

  it('has nothing of another build around it', async () => {
    const { all } = await environmentOf({
      shell: {
        SLIPWAY_IMAGE_0: 'other',
        TILT_IMAGE_3: 'other',
        SLIPWAY_OUTPUT_REF_FILE: '/other',
        SLIPWAY_VERBOSE: 'kept',
      },
    });
    expect(all).not.toHaveProperty('SLIPWAY_IMAGE_0');
    expect(all).not.toHaveProperty('TILT_IMAGE_3');
    expect(all).not.toHaveProperty('SLIPWAY_OUTPUT_REF_FILE');
    expect(all.SLIPWAY_VERBOSE).toBe('kept');
  });

  it('names each parent twice, in the order of imageDeps', async () => {
    const parents = ['localhost:5000/b:nx-1', 'localhost:5000/a:nx-2'].map(
      (text) => {
        const ref = parseReference(text);
        return { ref, name: ref, contentId: 'sha256:1' };
      },
    );
    const { contract } = await environmentOf({ parents });
    expect(contract).toMatchObject({
      SLIPWAY_IMAGE_0: 'localhost:5000/b:nx-1',
      TILT_IMAGE_0: 'localhost:5000/b:nx-1',
      SLIPWAY_IMAGE_1: 'localhost:5000/a:nx-2',
      TILT_IMAGE_1: 'localhost:5000/a:nx-2',
    });
  });

  it('says what is built, in our words and in those of Docker', async () => {
    const { contract } = await environmentOf();
    expect(contract).toMatchObject({
      SLIPWAY_PLATFORM: 'linux/arm64',
      DOCKER_DEFAULT_PLATFORM: 'linux/arm64',
    });
  });

  it('reaches the daemon that is verified in, and no other', async () => {
    const { all } = await environmentOf({
      shell: { DOCKER_CONTEXT: 'other', DOCKER_HOST: 'tcp://other' },
      docker: { DOCKER_HOST: 'unix:///own', DOCKER_CONTEXT: undefined },
    });
    expect(all.DOCKER_HOST).toBe('unix:///own');
    expect(all.DOCKER_CONTEXT).toBeUndefined();
  });

  it.each(['PATH', 'Path'])('has our tools first on the %s', async (name) => {
    const { all } = await environmentOf({ shell: { [name]: '/bin' } });
    expect(all[name]).toBe('/tools:/bin');
  });

  it.each([
    ['the system’s own where there is none', {}, '/tools:/usr/bin:/bin'],
    ['no current folder where it is empty', { PATH: '' }, '/tools'],
  ])('has as PATH %s', async (_what, shell, path) => {
    expect((await environmentOf({ shell })).all.PATH).toBe(path);
  });

  it('takes no name for its own that every object has', async () => {
    const { all, warnings } = await environmentOf({ env: { toString: 'x' } });
    expect(warnings).toEqual([]);
    expect(all.toString).toBe('x');
  });

  it('has the KUBECONFIG of the context that was named, else the user’s', async () => {
    const shell = { KUBECONFIG: '/user' };
    const named = await environmentOf({ shell, kubeconfig: '/own:/user' });
    expect(named.all.KUBECONFIG).toBe('/own:/user');
    expect((await environmentOf({ shell })).all.KUBECONFIG).toBe('/user');
  });

  it('tells slipway which build it is called in', async () => {
    const { all } = await environmentOf();
    expect(parseBuildContext(all.SLIPWAY_BUILD ?? '')).toMatchObject({
      imageName: parseReference('x'),
      tagPrefix: 'nx',
    });
  });
});
