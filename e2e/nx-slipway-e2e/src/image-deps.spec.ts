import { addProject, deployRefOf, dockerfile } from './support/project';
import { TestRegistry } from './support/test-registry';
import { TestWorkspace } from './support/workspace';

/** A base whose layers differ each time, as an uncached `RUN` does. */
const UNREPRODUCIBLE = 'date +%s%N > stamp && docker build -t $EXPECTED_REF .';
const FROM_PARENT =
  'docker build --build-arg BASE=$SLIPWAY_IMAGE_0 -t $EXPECTED_REF . && echo "parent [$SLIPWAY_IMAGE_0][$TILT_IMAGE_0]"';

describe('imageDeps', () => {
  let workspace: TestWorkspace;
  let registry: TestRegistry;
  let host: string;

  beforeAll(async () => {
    registry = await TestRegistry.start();
    host = registry.host;
    workspace = await TestWorkspace.create();
    await workspace.usePlugin({ registry: host });
    await addProject(workspace, 'base', {
      options: { ref: 'deps/base', command: UNREPRODUCIBLE },
    });
    await workspace.write(
      'apps/base/Dockerfile',
      dockerfile(workspace, 'base', 'COPY stamp /'),
    );
    await addChild('child', {});
  });

  afterAll(async () => {
    await registry.stop();
    await workspace.remove();
  });

  async function addChild(
    name: string,
    options: Record<string, unknown>,
    target: Record<string, unknown> = {
      dependsOn: [{ projects: ['base'], target: 'custom-build' }],
      inputs: [
        '{projectRoot}/src/**/*',
        '{projectRoot}/Dockerfile',
        { dependentTasksOutputFiles: '**/*.json' },
      ],
    },
  ) {
    await addProject(workspace, name, {
      options: {
        ref: `deps/${name}`,
        command: FROM_PARENT,
        imageDeps: ['deps/base'],
        ...options,
      },
      target,
    });
    await workspace.write(
      `apps/${name}/Dockerfile`,
      'ARG BASE\nFROM $BASE\nCOPY src /app\n',
    );
  }

  async function contentIdOf(project: string): Promise<string> {
    const record = await workspace.read(`.nx/slipway/${project}.json`);
    return (JSON.parse(record) as { contentId: string }).contentId;
  }

  async function edit(project: string, text: string): Promise<void> {
    await workspace.write(`apps/${project}/src/index.html`, text);
  }

  it('builds the parent first, and tells the command where to pull it', async () => {
    const { exitCode, output } = await workspace.build('child');
    expect([exitCode, output]).toEqual([0, expect.any(String)]);
    const tag = (await contentIdOf('base')).slice(7, 23);
    const parent = `${host}/deps_base:nx-${tag}`;
    expect(output).toContain(`parent [${parent}][${parent}]`);
  });

  it('takes the parent as it is on the next run', async () => {
    const before = await contentIdOf('base');
    await edit('child', 'two');
    const { output } = await workspace.build('child');
    expect(output).not.toContain('running base:custom-build');
    expect(await contentIdOf('base')).toBe(before);
  });

  it('is built again when the parent is another', async () => {
    const before = await contentIdOf('child');
    await edit('base', 'another');
    const { output } = await workspace.build('child');
    expect(output).not.toMatch(/deps\/child.*local cache/);
    expect(await contentIdOf('child')).not.toBe(before);
  });

  it('builds a parent again that is gone everywhere: once, not on every run', async () => {
    const restored = await workspace.read('.nx/slipway/base.json');
    await forgetParent();
    await edit('child', 'three');
    const first = await workspace.build('child');
    expect(first.output).toContain('running base:custom-build');
    const parent = /parent \[(\S+)\]\[/.exec(first.output)?.[1];

    // Nx restores the record of the image that is gone, as a cache does.
    await workspace.write('.nx/slipway/base.json', restored);
    await edit('child', 'four');
    const second = await workspace.build('child');
    expect(second.output).not.toContain('running base:custom-build');
    expect(/parent \[(\S+)\]\[/.exec(second.output)?.[1]).toBe(parent);
  });

  /** The registry loses everything, and so does Docker. */
  async function forgetParent(): Promise<void> {
    const tag = `nx-${(await contentIdOf('base')).slice(7, 23)}`;
    const ref = `${host}/deps_base:${tag}`;
    // Less the image below it, which others' builds read.
    await workspace.docker('rmi', '-f', '--no-prune', ref);
    await registry.stop();
    const port = Number(host.split(':')[1]);
    registry = await TestRegistry.start({ port });
  }

  it.each([
    ['orphan', { imageDeps: ['deps/nobody'] }, /no custom-build .* builds it/],
    [
      'itself',
      { imageDeps: ['deps/itself'] },
      /deps\/itself needs deps\/itself/,
    ],
  ])(
    'refuses imageDeps that cannot be built: %s',
    async (name, options, why) => {
      await addChild(name, options, {});
      const { exitCode, output } = await workspace.build(name);
      expect(exitCode).toBe(1);
      expect(output).toContain('SLIPWAY_E_IMAGE_DEPS');
      expect(output).toMatch(why);
    },
  );
});

describe('two processes that build one image at once', () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin();
  });

  afterAll(() => workspace.remove());

  it('build it once, and both end with the same ref', async () => {
    // Two tickets: the other process waits for this one.
    const waiting =
      '[ $(ls ../../.nx/slipway/state/locks/*/ | grep -c ^ticket-) -ge 2 ]';
    await addProject(workspace, 'shared', {
      options: {
        command: `echo run >> runs.txt && until ${waiting}; do sleep 0.05; done && docker build -q -t $EXPECTED_REF .`,
      },
    });
    const both = [0, 1].map(() =>
      workspace.nx(['run', 'shared:custom-build', '--skip-nx-cache']),
    );
    const [first, second] = await Promise.all(both);
    expect([first?.exitCode, second?.exitCode]).toEqual([0, 0]);
    expect(deployRefOf(first?.output ?? '')).toBe(
      deployRefOf(second?.output ?? ''),
    );
    expect(await workspace.read('apps/shared/runs.txt')).toBe('run\n');
  });
});
