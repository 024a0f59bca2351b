import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { addProject } from './support/project';
import { tryRun, type Ran } from './support/run';
import { TestWorkspace } from './support/workspace';

interface Result {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
  readonly fix?: string;
}

describe('slipway, as it is installed', () => {
  const hostFromCluster = 'registry.test:5000';
  const tagPrefix = `cli${randomBytes(4).toString('hex')}`;
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    const { host } = workspace.sandbox.registry;
    const registry = { host, hostFromCluster };
    await workspace.usePlugin({ registry, tagPrefix });
  });

  afterAll(async () => {
    await workspace.remove();
  });

  function slipway(...args: string[]): Promise<Ran> {
    const program = join(workspace.root, 'node_modules/.bin/slipway');
    return tryRun(program, args, { cwd: workspace.root, env: workspace.env() });
  }

  /** The deploy ref that a build itself told. */
  function toldRef({ output }: Ran): string {
    const last = output.match(/^registry\.test:5000\/\S+$/gm)?.at(-1);
    if (!last) throw new Error(`no deploy ref in:\n${output}`);
    return last;
  }

  it('is a program that knows its version', async () => {
    const { exitCode, stdout } = await slipway('--version');
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^\d+\.\d+\.\d+$/),
    ]);
  });

  describe('image-deploy-ref', () => {
    it('answers in a build command what is deployed then', async () => {
      await addProject(workspace, 'asking', {
        options: {
          command:
            'docker build -q -t $EXPECTED_REF . && slipway image-deploy-ref $EXPECTED_REF > ref.txt && tilt dump image-deploy-ref $EXPECTED_REF > tilt.txt',
        },
      });
      const ref = toldRef(await workspace.build('asking'));
      const [tagged] = ref.split('@');
      expect(tagged).toMatch(
        new RegExp(`^registry\\.test:5000/asking:${tagPrefix}-[0-9a-f]{16}$`),
      );
      expect(await workspace.read('apps/asking/ref.txt')).toBe(`${tagged}\n`);
      expect(await workspace.read('apps/asking/tilt.txt')).toBe(tagged);
    });

    it('answers by name after a build, from the cache too', async () => {
      await addProject(workspace, 'named');
      const ref = toldRef(await workspace.build('named'));
      expect(await slipway('image-deploy-ref', 'named')).toMatchObject({
        exitCode: 0,
        output: ref,
      });
      await workspace.removeFile('.nx/slipway/named.json');
      const again = await workspace.build('named');
      expect(again.output).toMatch(/cache/);
      const { stdout } = await slipway('image-deploy-ref', 'named', '--json');
      const { host } = workspace.sandbox.registry;
      expect(JSON.parse(stdout)).toMatchObject({
        cluster: ref,
        local: ref.replace(hostFromCluster, host),
      });
    });

    it('asks Nx where a record is that is not in its usual place', async () => {
      await addProject(workspace, 'moved', {
        options: { recordFile: '{workspaceRoot}/dist/moved.json' },
        target: { outputs: ['{workspaceRoot}/dist/moved.json'] },
      });
      const before = await slipway('image-deploy-ref', 'moved');
      expect(before.exitCode).toBe(1);
      expect(before.output).toMatch(
        /^SLIPWAY_E_IMAGE_NOT_FOUND: .*\n.*nx run moved:custom-build/,
      );
      const ref = toldRef(await workspace.build('moved'));
      expect((await slipway('image-deploy-ref', 'moved')).stdout).toBe(ref);
    });

    it('knows an image that a builder pushed by itself', async () => {
      await addProject(workspace, 'pusher', {
        options: {
          command:
            'docker build -q -t $EXPECTED_REF . && docker push -q $EXPECTED_REF && docker rmi --no-prune $EXPECTED_REF && slipway image-deploy-ref $EXPECTED_REF > ref.txt',
          skipsLocalDocker: true,
        },
      });
      const ran = await workspace.build('pusher');
      const [tagged] = toldRef(ran).split('@');
      expect(await workspace.read('apps/pusher/ref.txt')).toBe(`${tagged}\n`);
    });
  });

  describe('explain', () => {
    it('tells what becomes of a file, by the graph of Nx', async () => {
      await addProject(workspace, 'explained', {
        options: {
          deps: ['.'],
          ignore: ['*.md'],
          liveUpdate: [
            { fallBackOn: ['{workspaceRoot}/apps/explained/Dockerfile'] },
            { sync: { from: '.', to: '/srv' } },
          ],
        },
      });
      await workspace.write(
        'apps/explained/k8s/a.yaml',
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
      );
      const of = async (name: string) => {
        const ran = await slipway('explain', `apps/explained/${name}`);
        expect(ran).toMatchObject({ exitCode: 0, output: ran.stdout });
        return ran.stdout.split('\n').map((line) => line.trim());
      };
      expect(await of('new.txt')).toEqual([
        'apps/explained/new.txt (not there: answered by its name)',
        'explained, built by explained:custom-build',
        'the dep apps/explained holds it',
        'a save is brought by sync . -> /srv: it stands at /srv/new.txt',
      ]);
      expect(await of('Dockerfile')).toContain(
        'a save builds: fallBackOn "{workspaceRoot}/apps/explained/Dockerfile"',
      );
      expect(await of('a.md')).toContain(
        'the dep apps/explained leaves it out: "*.md" of the option ignore',
      );
      expect(await of('k8s/a.yaml')).toContain('explained:deploy deploys it');
    });
  });

  describe('doctor', () => {
    it('finds nothing wrong here', async () => {
      const { stdout, exitCode } = await slipway('doctor', '--json');
      const results = JSON.parse(stdout) as Result[];
      const failed = results.filter(({ status }) => status === 'fail');
      expect(failed).toEqual([]);
      expect(exitCode).toBe(0);
      const of = (name: string) => results.find((each) => each.name === name);
      for (const name of ['workspace', 'nx', 'docker', 'registry']) {
        expect(of(name)).toMatchObject({ status: 'ok' });
      }
    });

    it('says what is wrong with a registry that is not there', async () => {
      const { exitCode, output } = await slipway(
        'doctor',
        '--registry=localhost:1',
      );
      expect(exitCode).toBe(1);
      expect(output).toMatch(/^fail {2}registry .*\n +fix: /m);
    });

    it('asks the cluster that is named, and no other', async () => {
      const { cluster } = workspace.sandbox;
      if (!cluster) throw new Error('the sandbox has no cluster');
      const { output } = await slipway('doctor', '--context', cluster.context);
      expect(output).toMatch(
        new RegExp(`^\\w+ +cluster ${cluster.context} +Kubernetes v1`, 'm'),
      );
      expect((await slipway('doctor')).output).toMatch(/^skip {2}cluster /m);
    });
  });

  it('prune keeps the newest tags of this workspace', async () => {
    await addProject(workspace, 'often');
    const first = toldRef(await workspace.build('often'));
    await workspace.write('apps/often/src/index.html', 'second');
    const second = toldRef(await workspace.build('often'));
    const { host } = workspace.sandbox.registry;
    const local = (ref: string) =>
      ref.replace(hostFromCluster, host).split('@')[0];
    const { stdout } = await slipway('prune', '--keep=1', '--json');
    const told = JSON.parse(stdout) as { repository: string }[];
    expect(
      told.find((each) => each.repository === `${host}/often`),
    ).toMatchObject({ kept: [local(second)], removed: [local(first)] });
    // Other runs' tags of that name are in this Docker too, and stay.
    const ours = `reference=${host}/often:${tagPrefix}-*`;
    const tags = await workspace.docker('images', '-q', '--filter', ours);
    expect(tags.trim().split('\n')).toHaveLength(1);
  });
});
