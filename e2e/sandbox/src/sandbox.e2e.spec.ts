import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downWith } from './down';
import { layoutHere } from './here';
import {
  allRules,
  dockerNetworks,
  NO_TRACE,
  tracesOf,
} from './machine.fixture';
import {
  down,
  ensureSandbox,
  readSandbox,
  readStatus,
  type Sandbox,
  sandboxEnv,
} from './index';
import { ask, isOk } from './system/http';
import { run } from './system/run';
import { waitUntil } from './system/wait';

const BOOTSTRAP = join(__dirname, '../bootstrap.js');
const MAIN = 'e2e/sandbox/src/main.ts';
const SECOND = 'spec-second';

const POD = (image: string) => `
apiVersion: v1
kind: Pod
metadata: { name: sandbox-spec, labels: { app: sandbox-spec } }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: web
      image: ${image}
      command: [sh, -c, 'mkdir /www; echo hello > /www/index.html; exec httpd -f -p 8080 -h /www']
---
apiVersion: v1
kind: Service
metadata: { name: sandbox-spec }
spec: { selector: { app: sandbox-spec }, ports: [{ port: 80, targetPort: 8080 }] }
`;

const kubectlOf =
  (sandbox: Sandbox) =>
  (...args: string[]) =>
    run(['kubectl', ...args], { env: sandboxEnv(sandbox) });

const dockerOf =
  (sandbox: Sandbox) => (args: readonly string[], input?: string) =>
    run(['docker', ...args], { env: sandboxEnv(sandbox), input });

async function pidOf(daemon: string, name?: string): Promise<number> {
  const { daemons } = await readStatus(name);
  const pid = daemons.find((one) => one.name === daemon)?.pid;
  if (pid === undefined) throw new Error(`${daemon} does not run.`);
  return pid;
}

async function deployWeb(sandbox: Sandbox, registry: string): Promise<string> {
  const kubectl = kubectlOf(sandbox);
  await run(['kubectl', 'apply', '-f', '-'], {
    env: sandboxEnv(sandbox),
    input: POD(`${registry}/busybox:1.35`),
  });
  await kubectl('wait', '--for=condition=Ready', 'pod/sandbox-spec');
  return kubectl(
    ...['get', 'service', 'sandbox-spec', '-o', 'jsonpath={.spec.clusterIP}'],
  );
}

const page = async (url: string) => (await ask(url)).body.trim();

describe('the sandbox', () => {
  let wasUp: boolean;
  let sandbox: Sandbox;

  beforeAll(async () => {
    wasUp = (await readSandbox()) !== undefined;
    sandbox = await ensureSandbox();
  });
  afterAll(async () => {
    await downWith({ name: SECOND, purge: true });
    await (wasUp ? ensureSandbox() : down());
  });

  it('is there at once when it is up', async () => {
    const start = performance.now();
    expect(await ensureSandbox()).toEqual(sandbox);
    expect(await readSandbox()).toEqual(sandbox);
    expect(performance.now() - start).toBeLessThan(1000);
    expect((await readStatus()).state).toBe('up');
  });

  it('builds from a base image that reads as usual, and pushes', async () => {
    const docker = dockerOf(sandbox);
    const tag = `${sandbox.registry.host}/sandbox/spec:1`;
    const dockerfile = 'FROM busybox:1.35\nRUN echo built > /built\n';
    await docker(['build', '--tag', tag, '-'], dockerfile);
    expect(await docker(['run', '--rm', tag, 'cat', '/built'])).toBe('built');
    await docker(['push', tag]);
    await docker(['rmi', tag]);
  });

  it('runs Java', async () => {
    const docker = dockerOf(sandbox);
    const image = 'eclipse-temurin:17-jre';
    const out = await docker(['run', '--rm', image, 'java', '--version']);
    expect(out).toMatch(/^openjdk 17/);
  });

  it('builds with ko upon the base image', async () => {
    const { KO_DEFAULTBASEIMAGE: base } = sandboxEnv(sandbox);
    const [, name, tag] = /[^/]+\/(.+):(.+)/.exec(base ?? '') ?? [];
    const manifest = `http://${sandbox.registry.host}/v2/${name}/manifests/${tag}`;
    expect(await isOk(manifest)).toBe(true);
    await run(['ko', 'version'], { env: sandboxEnv(sandbox) });
  });

  describe('with a pod from the registry', () => {
    let serviceAddress: string;

    beforeAll(async () => {
      const { hostFromCluster } = sandbox.registry;
      expect(hostFromCluster).not.toBe(sandbox.registry.host);
      serviceAddress = await deployWeb(sandbox, hostFromCluster);
    });
    afterAll(async () => {
      const names = ['pod/sandbox-spec', 'service/sandbox-spec'];
      await kubectlOf(sandbox)('delete', '--ignore-not-found', ...names);
    });

    it('executes in it', async () => {
      const file = '/www/index.html';
      const exec = ['exec', 'sandbox-spec', '--', 'cat', file];
      expect(await kubectlOf(sandbox)(...exec)).toBe('hello');
    });

    it('forwards a port to it', async () => {
      const forward = spawn(
        'kubectl',
        ['port-forward', 'pod/sandbox-spec', ':8080', '--address=127.0.0.1'],
        {
          env: { ...process.env, ...sandboxEnv(sandbox) },
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
      await waitUntil(() => isOk(url), 5000);
      expect(await page(url)).toBe('hello');
      const request = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc ${serviceAddress} 80`;
      const exec = ['exec', 'sandbox-spec', '--', 'sh', '-c', request];
      expect(await kubectlOf(sandbox)(...exec)).toMatch(/hello$/);
    });

    it.each([
      ...['dockerd', 'registry', 'containerd', 'etcd', 'apiserver'],
      ...['controller-manager', 'scheduler', 'kubelet', 'kube-proxy'],
    ])('heals when %s is killed, and the pod lives on', async (daemon) => {
      const before = await readStatus();
      process.kill(await pidOf(daemon), 'SIGKILL');
      await waitUntil(async () => (await readSandbox()) === undefined, 2000);
      expect((await readStatus()).state).toBe('degraded');
      await ensureSandbox();
      const after = await readStatus();
      expect(after.state).toBe('up');
      const others = (status: typeof after) =>
        status.daemons.filter((one) => one.name !== daemon);
      expect(others(after)).toEqual(others(before));
      const started = 'jsonpath={.status.containerStatuses[0].restartCount}';
      const get = ['get', 'pod', 'sandbox-spec', '-o', started];
      expect(await kubectlOf(sandbox)(...get)).toBe('0');
    });
  });

  it('heals a daemon that hangs', async () => {
    process.kill(await pidOf('registry'), 'SIGSTOP');
    await ensureSandbox({ thorough: true });
    expect((await readStatus()).state).toBe('up');
  });

  it('heals a state file that is torn', async () => {
    const { pid } = (await readStatus()).daemons[0] ?? {};
    await writeFile(join(layoutHere().data, 'sandbox.json'), '{"schema":1,"cl');
    expect(await readSandbox()).toBeUndefined();
    expect(await ensureSandbox()).toEqual(sandbox);
    expect((await readStatus()).daemons[0]?.pid).toBe(pid);
  });

  it('tells in the cluster where the registry is, when asked', async () => {
    const get = [
      ...['get', 'configmap', '-n', 'kube-public', 'local-registry-hosting'],
      ...['-o', 'jsonpath={.data}'],
    ];
    const kubectl = kubectlOf(sandbox);
    await ensureSandbox({ registryConfigMap: true });
    expect(JSON.parse(await kubectl(...get))).toEqual({
      'localRegistryHosting.v1': `host: "${sandbox.registry.host}"\nhostFromContainerRuntime: "${sandbox.registry.hostFromCluster}"\n`,
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

  describe('a second one beside it', () => {
    let second: Sandbox;
    const layout = layoutHere(SECOND);

    beforeAll(async () => {
      second = await ensureSandbox({ name: SECOND });
    });

    it('has a Docker and a registry of its own, and no cluster', async () => {
      expect(second.cluster).toBeUndefined();
      expect(second.dockerHost).not.toBe(sandbox.dockerHost);
      expect(second.registry.host).not.toBe(sandbox.registry.host);
      await dockerOf(second)(['tag', 'busybox', 'only-here']);
      const look = ['images', '-q', 'only-here'];
      expect(await dockerOf(second)(look)).not.toBe('');
      expect(await dockerOf(sandbox)(look)).toBe('');
    });

    it('says that there can be one cluster only', async () => {
      const both = ensureSandbox({ name: SECOND, cluster: true });
      await expect(both).rejects.toMatchObject({
        code: 'SANDBOX_E_SECOND_CLUSTER',
        message: expect.stringContaining('"default"') as string,
      });
    });

    it('heals after everything of it was killed, and its run folder lost', async () => {
      const { daemons } = await readStatus(SECOND);
      for (const { pid } of daemons) process.kill(pid ?? NaN, 'SIGKILL');
      await rm(join(layout.data, 'allocation.json'));
      second = await ensureSandbox({ name: SECOND });
      expect((await readStatus(SECOND)).state).toBe('up');
    });

    it('leaves nothing behind, whatever was running in it', async () => {
      const docker = dockerOf(second);
      const networks = await dockerNetworks();
      await docker(['network', 'create', 'spec']);
      expect(await dockerNetworks()).not.toEqual(networks);
      const deaf = 'trap "" TERM; while :; do sleep 1; done';
      const restarted = ['--restart', 'always', '--network', 'spec'];
      await docker([
        ...['run', '--detach', ...restarted, '-p', '127.0.0.1::80'],
        ...['busybox', 'sh', '-c', deaf],
      ]);
      process.kill(await pidOf('dockerd', SECOND), 'SIGKILL');
      await down(SECOND);
      expect(await dockerNetworks()).toEqual(networks);
      expect(await tracesOf(layout)).toEqual(NO_TRACE);
      expect(await readSandbox(SECOND)).toBeUndefined();
      second = await ensureSandbox({ name: SECOND });
      expect(
        (await dockerOf(second)(['images', '-q', 'only-here'])) !== '',
      ).toBe(true);
      await downWith({ name: SECOND, purge: true });
      expect(await tracesOf(layout)).toEqual(NO_TRACE);
    });

    it.each([150, 600, 1200])(
      'heals after `up` was killed %d ms from its start',
      async (ms) => {
        const args = [BOOTSTRAP, MAIN, 'up', '--name', SECOND];
        const up = spawn(process.execPath, args, { stdio: 'ignore' });
        const ended = once(up, 'exit');
        await new Promise((done) => setTimeout(done, ms));
        up.kill('SIGKILL');
        await ended;
        await ensureSandbox({ name: SECOND });
        expect((await readStatus(SECOND)).state).toBe('up');
        await down(SECOND);
        expect(await tracesOf(layout)).toEqual(NO_TRACE);
      },
    );
  });

  // Last: the cluster of the machine goes down and comes up again.
  it('leaves nothing behind of a whole cluster, and comes up again', async () => {
    const layout = layoutHere();
    await deployWeb(sandbox, sandbox.registry.host);
    await down();
    expect(await tracesOf(layout)).toEqual(NO_TRACE);
    expect(await allRules()).toEqual([]);
    expect((await readStatus()).state).toBe('down');
    expect(await ensureSandbox()).toEqual(sandbox);
    expect((await readStatus()).state).toBe('up');
  });
});
