import { join } from 'node:path';
import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import { freePort } from './support/free-port';
import { Gate } from './support/gate';
import { OneBuild } from './support/one-build';
import type { NxProcess } from './support/serve-process';
import { ServeStage, configMap, deployment } from './support/serve-stage';

const SETTINGS = 'apps/shop/k8s/settings.yaml';
const PROJECT = 'apps/app/project.json';
/** Of the workspace's own; it fails while there is a file. */
const PLUGIN = `
const { existsSync } = require('node:fs');
exports.createNodesV2 = ['**/project.json', () => {
  if (existsSync('tools/broken')) throw new Error('as staged');
  return [];
}];
`;

let stage: ServeStage;
let serve: NxProcess;
let builds: OneBuild;
let docker: Gate;
let registry: Gate;
let api: Gate;
/** Of the registry, as it is served. */
let host: string;

const portOf = (address: string) => Number(/:(\d+)/.exec(address)?.[1]);

beforeAll(async () => {
  stage = await ServeStage.create();
  const { root, sandbox } = stage.workspace;
  const { dockerHost } = sandbox;
  const socket = join(root, 'docker.sock');
  docker = await Gate.open(
    socket,
    dockerHost.startsWith('unix://')
      ? dockerHost.slice('unix://'.length)
      : portOf(dockerHost),
  );
  const port = await freePort();
  registry = await Gate.open(port, portOf(sandbox.registry.host));
  await useGates(port, await freePort());
  await stage.addImage('app');
  await stage.addImage('other');
  await stage.addProject('shop', {
    'app.yaml': deployment('app'),
    'other.yaml': deployment('other'),
    'settings.yaml': configMap('settings', 1),
  });
  serve = stage.serve('shop', [], {
    DOCKER_HOST: `unix://${socket}`,
    // As on a user's machine, with a daemon (NxDaemon).
    NX_DAEMON: 'true',
    NX_ISOLATE_PLUGINS: undefined,
    NX_SOCKET_DIR: join(root, '.nx/workspace-data/sockets'),
  });
  builds = new OneBuild(stage, serve, 'other');
  await serve.upToDate();
  await stage.log.taken();
});

afterAll(async () => {
  await stage.remove();
  await Promise.all([docker, registry, api].map((gate) => gate?.shut()));
});

beforeEach(() => serve.skip());

/** The registry and the API server are to be had by these ports alone. */
async function useGates(registryPort: number, apiPort: number): Promise<void> {
  const { workspace } = stage;
  let upstream = '';
  await workspace.write('tools/plugin.js', PLUGIN);
  await workspace.editJson('nx.json', (nxJson) => {
    const [plugin] = nxJson.plugins as [{ options: { registry: object } }];
    host = `localhost:${registryPort}`;
    Object.assign(plugin.options.registry, { host });
    nxJson.plugins = [plugin, './tools/plugin.js'];
  });
  await workspace.editJson('kubeconfig', (kubeconfig) => {
    const [{ cluster }] = kubeconfig.clusters as [
      { cluster: { server: string } },
    ];
    ({ port: upstream } = new URL(cluster.server));
    cluster.server = cluster.server.replace(upstream, String(apiPort));
  });
  api = await Gate.open(apiPort, Number(upstream));
}

/** What the cluster runs in the end is made of that text. */
const runs = (text: string) =>
  stage.until(`app of ${text}`, async () => {
    const { image = '' } =
      (await stage.written('shop'))['Deployment/app'] ?? {};
    const { hostFromCluster } = stage.workspace.sandbox.registry;
    const [tagged = ''] = image.replace(hostFromCluster, host).split('@');
    const format = '{{.Config.Labels.text}}';
    const inspect = ['image', 'inspect', '-f', format, tagged];
    return (await stage.workspace.docker(...inspect)) === text;
  });

async function edit(from: string, to: string): Promise<void> {
  const { workspace } = stage;
  const text = await workspace.read(PROJECT);
  expect(text).toContain(from);
  await workspace.write(PROJECT, text.replace(from, to));
}

describe('without another save all is well in the end', () => {
  it('when Docker goes in the middle of a build', async () => {
    const release = await stage.put('app', 'slow');
    await stage.save('app', 'without Docker\n');
    await stage.held('app', 1);
    await docker.shut();
    await release();
    const { fault } = await serve.state('app', 'failed');
    expect(fault?.code).toBe('SLIPWAY_E_COMMAND_FAILED');
    await docker.open();
    await serve.cycle('app', 'ready');
    await runs('without Docker');
    await serve.upToDate();
  });

  it('when the registry goes in the middle of a push', async () => {
    const release = await stage.put('app', 'slow');
    const before = (await stage.held('app', 1)).length;
    await stage.save('app', 'without a registry\n');
    await stage.held('app', before + 1);
    registry.stall();
    await release();
    await eventually('a push', () => registry.waiting > 0);
    await registry.shut();
    const { fault } = await serve.state('app', 'failed');
    expect(fault?.code).toBe('SLIPWAY_E_REGISTRY_UNREACHABLE');
    await registry.open();
    await serve.cycle('app', 'ready');
    await runs('without a registry');
    await serve.upToDate();
  });

  it('when the API server is away for an apply', async () => {
    await api.shut();
    await stage.save('app', 'without an API server\n');
    await stage.workspace.write(SETTINGS, configMap('settings', 2));
    await serve.next('message', ({ text }) => text.includes('does not answer'));
    await api.open();
    await serve.upToDate();
    await runs('without an API server');
    const data = ['-o', 'jsonpath={.data.size}'];
    expect(
      await stage.kubectl('shop', 'get', 'configmap/settings', ...data),
    ).toBe('2');
  });
});

describe('what Nx knows', () => {
  it('stays as it was while a plugin throws', async () => {
    await stage.workspace.write('tools/broken', '');
    await edit('echo app', 'echo edited');
    const { text } = await serve.next(
      'message',
      ({ level }) => level === 'error',
    );
    expect(text).toContain('as staged');
    await stage.save('app', 'while a plugin throws\n');
    await serve.cycle('app', 'ready');
    expect(await builds.through()).toContain('app');
    await stage.workspace.removeFile('tools/broken');
    await edit('echo edited', 'echo edited again');
    await serve.cycle('app', 'done');
    expect(await builds.through()).toEqual(['edited again', 'other']);
  });

  it('is read again in the middle of a build, which ends in what it says now', async () => {
    const release = await stage.put('app', 'slow');
    const before = (await stage.held('app', 1)).length;
    await stage.save('app', 'while options change\n');
    await stage.held('app', before + 1);
    await edit('echo edited again', 'echo meanwhile');
    await stage.held('app', before + 2);
    await release();
    await serve.cycle('app', 'ready');
    await serve.upToDate();
    await runs('while options change');
    expect(await stage.log.taken()).toEqual(['edited again', 'meanwhile']);
  });

  it('is not the daemon’s: without one, serve goes on', async () => {
    const { exitCode, output } = await stage.workspace.daemon.nx(['reset']);
    expect([exitCode, output]).toEqual([0, expect.any(String)]);
    await builds.of('app', () => stage.save('app', 'without a daemon\n'));
    await runs('without a daemon');
    await edit('echo meanwhile', 'echo app');
    await serve.cycle('app', 'done');
    expect(await builds.through()).toEqual(['app', 'other']);
  });
});
