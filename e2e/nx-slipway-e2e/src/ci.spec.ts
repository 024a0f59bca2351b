import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { sandboxEnv } from '@nx-slipway/sandbox';
import { TestNamespace } from './support/cluster';
import { CommandLog } from './support/command-log';
import {
  addImage,
  addManifests,
  initPlugin,
} from './support/inferred-projects';
import { RemoteCache } from './support/remote-cache';
import { run } from './support/run';
import { TestRegistry } from './support/test-registry';
import { WorkflowRunner, type WorkflowRun } from './support/workflow-runner';
import { TestWorkspace } from './support/workspace';

const REPOSITORY = join(__dirname, '../../..');
const WORKFLOW = join(REPOSITORY, 'examples/shop/.github/workflows/ci.yml');
const SERVER = 'NX_SELF_HOSTED_REMOTE_CACHE_SERVER';
const TOKEN = 'NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN';
const IMAGES = ['api', 'web'];

it('is what docs/ci.md shows', async () => {
  const docs = await readFile(join(REPOSITORY, 'docs/ci.md'), 'utf8');
  const workflow = await readFile(WORKFLOW, 'utf8');
  expect(docs).toContain(`\n\`\`\`yaml\n${workflow}\`\`\`\n`);
});

describe('the pipeline of docs/ci.md, step by step', () => {
  const name = `e2e-ci-${randomBytes(4).toString('hex')}`;
  let workspace: TestWorkspace;
  let registry: TestRegistry;
  let cache: RemoteCache;
  let log: CommandLog;
  let namespace: TestNamespace;
  let runner: WorkflowRunner;

  beforeAll(async () => {
    registry = await TestRegistry.start({ auth: 'basic' });
    cache = await RemoteCache.start();
    log = await CommandLog.create();
    workspace = await TestWorkspace.create();
    await addLockFile();
    await initPlugin(workspace, { registry: registry.host, workspaceId: name });
    for (const image of IMAGES) {
      const command = log.noting(image, 'docker build -q -t $EXPECTED_REF .');
      await addImage(workspace, image, { options: { command } });
    }
    const production = { namespace: name };
    for (const [project, images] of [
      ['shop', IMAGES],
      ['ops', []],
    ] as const) {
      await addManifests(workspace, project, images, {
        options: { namespace: 'nowhere' },
        configurations: { production },
      });
    }
    await workspace.write('apps/ops/k8s/limits.yaml', configMap('limits', 1));
    await workspace.commitAll('the shop, before it had a pipeline');
    await workspace.write('README.md', 'The shop.\n');
    namespace = await TestNamespace.create(workspace.sandbox, name);
    await letPull();
    runner = await WorkflowRunner.create(await setting());
  });

  afterAll(async () => {
    await runner.remove();
    await namespace.remove();
    await workspace.remove();
    await cache.stop();
    await registry.stop();
    await log.remove();
  });

  /** Of the shop, with the packed plugin for the published one. */
  async function addLockFile(): Promise<void> {
    const tarball = join(workspace.root, 'vendor/nx-slipway.tgz');
    await mkdir(join(workspace.root, 'vendor'));
    await copyFile(process.env.SLIPWAY_E2E_TARBALL ?? '', tarball);
    const shop = join(REPOSITORY, 'examples/shop/package.json');
    await copyFile(shop, join(workspace.root, 'package.json'));
    await workspace.editJson('package.json', ({ devDependencies }) => {
      Object.assign(Object(devDependencies) as object, {
        'nx-slipway': 'file:vendor/nx-slipway.tgz',
      });
    });
    await workspace.removeFile('package-lock.json');
    await workspace.ownModules();
    const args = ['install', '--package-lock-only', '--prefer-offline'];
    await run('npm', [...args, '--no-audit', '--no-fund'], {
      cwd: workspace.root,
    });
  }

  /** The nodes need a login, too. */
  async function letPull(): Promise<void> {
    const { username, password } = TestRegistry.login;
    await namespace.kubectl(
      ...['create', 'secret', 'docker-registry', 'registry'],
      `--docker-server=${registry.host}`,
      `--docker-username=${username}`,
      `--docker-password=${password}`,
    );
    const patch = JSON.stringify({ imagePullSecrets: [{ name: 'registry' }] });
    await namespace.kubectl('patch', 'serviceaccount', 'default', '-p', patch);
  }

  async function setting() {
    const { cluster, ...sandbox } = workspace.sandbox;
    const { DOCKER_HOST = '', PATH = '' } = sandboxEnv(sandbox);
    const { username, password } = TestRegistry.login;
    return {
      file: WORKFLOW,
      origin: workspace.root,
      vars: {
        REGISTRY: registry.host,
        REGISTRY_USER: username,
        KUBE_CONTEXT: cluster?.context ?? '',
      },
      secrets: {
        REGISTRY_PASSWORD: password,
        NX_CACHE_SERVER: cache.env[SERVER] ?? '',
        NX_CACHE_READ_TOKEN: cache.readToken,
      },
      environments: {
        production: {
          NX_CACHE_WRITE_TOKEN: cache.env[TOKEN] ?? '',
          KUBECONFIG: await readFile(cluster?.kubeconfig ?? '', 'utf8'),
        },
      },
      env: {
        DOCKER_HOST,
        PATH,
        // The machine's npm, which the home of a job hides.
        npm_config_cache: join(homedir(), '.npm'),
        npm_config_userconfig: join(homedir(), '.npmrc'),
        npm_config_prefer_offline: 'true',
      },
    };
  }

  async function commit(message: string): Promise<string> {
    await workspace.commitAll(message);
    return workspace.git('rev-parse', 'HEAD');
  }

  /** @returns what the run of it ran: commands of images, and targets */
  async function push(message: string): Promise<Ran> {
    return ranOf(
      await runner.run({ name: 'push', sha: await commit(message) }),
    );
  }

  interface Ran {
    readonly success: boolean;
    readonly jobs: readonly string[];
    readonly built: readonly string[];
    readonly deployed: readonly string[];
    readonly summary: string;
    readonly output: string;
  }

  async function ranOf(run: WorkflowRun): Promise<Ran> {
    const output = stripVTControlCharacters(
      Object.values(run.outputs).join('\n'),
    );
    const tasks = output.matchAll(/[✔✖] {2}nx run (\S+:deploy)\S*/g);
    return {
      ...run,
      output,
      built: await log.taken(),
      deployed: [...tasks].map(([, task = '']) => task).sort(),
    };
  }

  it('builds and deploys all at the first push', async () => {
    const ran = await push('all');
    expect(ran).toMatchObject({ success: true, jobs: ['deploy'] });
    expect(ran.built).toEqual(['api', 'web']);
    expect(ran.deployed).toEqual(['ops:deploy', 'shop:deploy']);
    expect(ran.summary).toContain('2 objects: 2 created');
  });

  it('builds and deploys what uses it after a change of one image', async () => {
    await workspace.write('apps/web/src/index.html', 'changed');
    const ran = await push('web');
    expect(ran).toMatchObject({ success: true, built: ['web'] });
    expect(ran.deployed).toEqual(['shop:deploy']);
    expect(ran.summary).toContain('2 objects: 1 changed, 1 unchanged');
    expect(ran.summary).toContain(`| changed | Deployment ${name}/web |`);
  });

  it('runs nothing after a change of docs', async () => {
    await workspace.write('README.md', 'The best shop.\n');
    const ran = await push('docs');
    expect(ran).toMatchObject({ success: true, built: [], deployed: [] });
    expect(ran.output.match(/No tasks were run/g)?.length).toBe(2);
  });

  it('deploys one project after a change of its manifests', async () => {
    await workspace.write('apps/ops/k8s/limits.yaml', configMap('limits', 2));
    const ran = await push('manifest');
    expect(ran).toMatchObject({ success: true, built: [] });
    expect(ran.deployed).toEqual(['ops:deploy']);
    expect(ran.summary).toContain('1 object: 1 changed');
  });

  it('deploys with the next push what a failed run has not', async () => {
    await workspace.write('apps/web/src/index.html', 'changed again');
    await workspace.write('apps/shop/k8s/wrong.yaml', 'kind: Wrong\n');
    const failed = await push('wrong');
    expect(failed).toMatchObject({ success: false, built: ['web'] });
    await workspace.removeFile('apps/shop/k8s/wrong.yaml');
    const mended = await push('mended');
    expect(mended).toMatchObject({ success: true, built: [] });
    expect(mended.summary).toContain(`| changed | Deployment ${name}/web |`);
  });

  describe('of a pull request', () => {
    let sha: string;

    beforeAll(async () => {
      await workspace.git('checkout', '-q', '-b', 'feature');
      await workspace.write('apps/api/src/index.html', 'proposed');
      sha = await commit('proposed');
    });

    const state = async () => ({
      cluster: await namespace.kubectl('get', 'deployments', '-o', 'yaml'),
      puts: (await cache.counts()).puts,
    });

    it('builds the images of a fork, and pushes nothing', async () => {
      const before = await state();
      const tags = await registry.tagsOf('api', TestRegistry.login);
      const ran = await ranOf(
        await runner.run({ name: 'pull_request', sha, isFork: true }),
      );
      expect(ran).toMatchObject({ success: true, jobs: ['pull-request'] });
      expect(ran).toMatchObject({ built: ['api'], deployed: [] });
      expect(await registry.tagsOf('api', TestRegistry.login)).toEqual(tags);
      expect(await state()).toEqual(before);
    });

    it('builds and renders, deploys nothing, and leaves the cache as it is', async () => {
      const before = await state();
      const ran = await ranOf(await runner.run({ name: 'pull_request', sha }));
      expect(ran).toMatchObject({ success: true, jobs: ['pull-request'] });
      expect(ran).toMatchObject({ built: ['api'], deployed: [] });
      const [, tag] = / image: \S+\/api:(nx-\w+)@/.exec(ran.output) ?? [];
      const tags = await registry.tagsOf('api', TestRegistry.login);
      expect(tags).toContain(tag);
      expect(await state()).toEqual(before);
    });
  });
});

const configMap = (name: string, size: number) => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { size: "${size}" }
`;
