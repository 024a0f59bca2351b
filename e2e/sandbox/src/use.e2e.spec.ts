import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  deployWeb,
  dockerOf,
  kubectlOf,
  page,
  useSandbox,
} from './commands.fixture';
import {
  ensureSandbox,
  readSandbox,
  readStatus,
  sandboxEnv,
  spareApiServer,
} from './index';
import { isOk } from './system/http';
import { run } from './system/run';
import { waitUntil } from './system/wait';

describe('the sandbox in use', () => {
  const use = useSandbox();

  it('is the same when it is up already', async () => {
    expect(await ensureSandbox()).toEqual(use.sandbox);
    expect(await readSandbox()).toEqual(use.sandbox);
    expect((await readStatus()).state).toBe('up');
  });

  it('builds from a base image that reads as usual, and pushes', async () => {
    const docker = dockerOf(use.sandbox);
    const tag = `${use.sandbox.registry.host}/sandbox/spec:1`;
    const dockerfile = 'FROM busybox:1.35\nRUN echo built > /built\n';
    await docker(['build', '--tag', tag, '-'], dockerfile);
    expect(await docker(['run', '--rm', tag, 'cat', '/built'])).toBe('built');
    await docker(['push', tag]);
    await docker(['rmi', tag]);
  });

  it('runs Java', async () => {
    const docker = dockerOf(use.sandbox);
    const image = 'eclipse-temurin:17-jre';
    const out = await docker(['run', '--rm', image, 'java', '--version']);
    expect(out).toMatch(/^openjdk 17/);
  });

  it('builds with ko upon the base image', async () => {
    const { KO_DEFAULTBASEIMAGE: base } = sandboxEnv(use.sandbox);
    const [, name, tag] = /[^/]+\/(.+):(.+)/.exec(base ?? '') ?? [];
    const manifest = `http://${use.sandbox.registry.host}/v2/${name}/manifests/${tag}`;
    expect(await isOk(manifest)).toBe(true);
    await run(['ko', 'version'], { env: sandboxEnv(use.sandbox) });
  });

  it('has a spare API server, which may be stopped twice, and starts at its own port alone', async () => {
    const spare = await spareApiServer();
    await spare.start();
    await spare.stop();
    await spare.stop();
    const { port } = new URL(spare.url);
    const other = createServer().listen(Number(port), '127.0.0.1');
    await once(other, 'listening');
    await expect(spare.start()).rejects.toThrow(port);
    other.close();
  });

  describe('with a pod from the registry', () => {
    let serviceAddress: string;

    beforeAll(async () => {
      const { hostFromCluster } = use.sandbox.registry;
      expect(hostFromCluster).not.toBe(use.sandbox.registry.host);
      serviceAddress = await deployWeb(use.sandbox, hostFromCluster);
    });
    afterAll(async () => {
      const names = ['pod/sandbox-spec', 'service/sandbox-spec'];
      await kubectlOf(use.sandbox)('delete', '--ignore-not-found', ...names);
    });

    it('executes in it', async () => {
      const file = '/www/index.html';
      const exec = ['exec', 'sandbox-spec', '--', 'cat', file];
      expect(await kubectlOf(use.sandbox)(...exec)).toBe('hello');
    });

    it('forwards a port to it', async () => {
      const forward = spawn(
        'kubectl',
        ['port-forward', 'pod/sandbox-spec', ':8080', '--address=127.0.0.1'],
        {
          env: { ...process.env, ...sandboxEnv(use.sandbox) },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const [line] = (await once(forward.stdout, 'data')) as [Buffer];
      const [, port] = /127\.0\.0\.1:(\d+)/.exec(line.toString()) ?? [];
      expect(await page(`http://127.0.0.1:${port}/`)).toBe('hello');
      const ended = once(forward, 'exit');
      forward.kill();
      await ended;
    });

    it('reaches it by the address of its Service', async () => {
      const url = `http://${serviceAddress}/`;
      await waitUntil(() => isOk(url), 30_000);
      expect(await page(url)).toBe('hello');
      const request = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc ${serviceAddress} 80`;
      const exec = ['exec', 'sandbox-spec', '--', 'sh', '-c', request];
      expect(await kubectlOf(use.sandbox)(...exec)).toMatch(/hello$/);
    });
  });

  it('tells in the cluster where the registry is, when asked', async () => {
    const get = [
      ...['get', 'configmap', '-n', 'kube-public', 'local-registry-hosting'],
      ...['-o', 'jsonpath={.data}'],
    ];
    const kubectl = kubectlOf(use.sandbox);
    await ensureSandbox({ registryConfigMap: true });
    expect(JSON.parse(await kubectl(...get))).toEqual({
      'localRegistryHosting.v1': `host: "${use.sandbox.registry.host}"\nhostFromContainerRuntime: "${use.sandbox.registry.hostFromCluster}"\n`,
    });
    await ensureSandbox({ registryConfigMap: false });
    await expect(kubectl(...get)).rejects.toThrow('NotFound');
  });

  it('listens on loopback and its own bridge only', async () => {
    const sockets = await run(['ss', '-Hltnup']);
    const ours = (await readStatus()).daemons.map(({ pid }) => `pid=${pid},`);
    const found = sockets
      .split('\n')
      .filter((line) => ours.some((pid) => line.includes(pid)))
      .map((line) => line.trim().split(/\s+/)[4] ?? '');
    expect(found.length).toBeGreaterThan(8);
    for (const address of found) {
      expect(address).toMatch(/^(127\.0\.0\.1|10\.\d+\.1\.1):/);
    }
  });
});
