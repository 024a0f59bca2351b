import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { spareApiServer, type SpareApiServer } from '@nx-slipway/sandbox';
import type { Cluster } from '../../../packages/nx-slipway/src/cluster';
import {
  openServedSet,
  type ServedPod,
  type ServedSet,
} from '../../../packages/nx-slipway/src/deploy';
import type { ServeEvent } from '../../../packages/nx-slipway/src/serve/events';
import {
  ClusterEvents,
  PodLogs,
  PortForwards,
  type Forward,
} from '../../../packages/nx-slipway/src/serve/follow';
import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import {
  DeployStage,
  OPTIONS,
  configMap,
  deployment,
  until,
  type Manifest,
} from './support/deploy-stage';
import { adminTokenOf, openClusterAt } from './support/open-cluster';

/** Milliseconds: of what is to become ready on a busy machine. */
const LONG = 120_000;
const MB = 1024 * 1024;

/**
 * Says numbered lines, some of them at one moment, and how many they were when it
 * ends: by SIGTERM, or when somebody writes /kept/end. Each start has a number.
 */
const COUNTING = `
  start=$(cat /kept/start 2>/dev/null || echo 0)
  echo $((start + 1)) > /kept/start
  i=0
  # In one command: the signal may come between two.
  say() { echo "$start $(((i += 1) - 1))"; }
  bye() { echo "$start bye $i"; exit $1; }
  trap 'bye 0' TERM
  while true; do
    say; say >&2; say; sleep 0.01
    [ -f /kept/end ] && rm /kept/end && bye 3
  done`;

describe('what is served', () => {
  let stage: DeployStage;
  let image: string;
  let set: ServedSet;
  let spare: SpareApiServer;
  /** The same cluster, by way of the spare API server. */
  let restarted: Cluster;
  let pods: readonly ServedPod[] = [];
  let events: ServeEvent[];
  const onEvent = (event: ServeEvent) => events.push(event);
  const ends: (() => unknown)[] = [];

  beforeAll(async () => {
    stage = await DeployStage.create('follow');
    image = `${stage.sandbox.registry.hostFromCluster}/busybox:1.35`;
    // The account that pods need is made a moment after their namespace.
    await stage.kubectl(['wait', '--for=create', 'serviceaccount/default']);
    spare = await spareApiServer();
    await spare.start();
    const token = await adminTokenOf(stage.sandbox);
    restarted = await openClusterAt(spare.url, token);
  });
  beforeEach(async () => {
    events = [];
    pods = [];
    set = await openServedSet(
      stage.set([configMap('any')]),
      { ...OPTIONS, takeover: true, createNamespace: false },
      {
        ...stage.systems(),
        onDrift: () => undefined,
        onLost: () => undefined,
      },
    );
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await set.close();
    await stage.down({ deleteData: true, takeover: true });
  });
  afterAll(async () => {
    await spare.stop();
    await stage.remove();
  });

  const running = (
    name: string,
    container: object,
    { replicas = 1, ...rest }: Record<string, unknown> = {},
  ): Manifest => {
    const { spec, ...others } = deployment(name, image);
    const { template, ...fields } = spec as {
      template: { metadata: object; spec: { containers: object[] } };
    };
    const containers = [
      { name: 'main', image, command: ['sleep', '3600'], ...container },
    ];
    return {
      ...others,
      spec: {
        ...{ ...fields, replicas, strategy: rest.strategy },
        template: {
          ...template,
          spec: {
            ...{ ...template.spec, containers, volumes: rest.volumes },
            terminationGracePeriodSeconds: 2,
          },
        },
      },
    };
  };

  async function apply(...manifests: readonly Manifest[]) {
    const applied = await set.apply(
      stage.set(manifests).objects.map((manifest) => ({
        manifest,
        isBlocked: false,
      })),
    );
    return (timeout = LONG) =>
      applied.ready(new AbortController().signal, timeout);
  }

  /** Of the pods that are ready; none: there is none. */
  function readyNames(): string[] | undefined {
    const ready = pods.filter(({ isReady }) => isReady);
    if (ready.length === 0) return undefined;
    return ready.map(({ pod }) => pod.metadata.name);
  }

  describe('as logs', () => {
    const counting = (round: string) =>
      running(
        'counter',
        {
          command: ['sh', '-c', COUNTING],
          env: [{ name: 'ROUND', value: round }],
          volumeMounts: [{ name: 'kept', mountPath: '/kept' }],
        },
        { replicas: 2, volumes: [{ name: 'kept', emptyDir: {} }] },
      );

    /** Lines of each pod and each start of its container. */
    function said(): Map<string, string[]> {
      const lines = new Map<string, string[]>();
      for (const event of events) {
        if (event.type !== 'log') continue;
        const [start, ...words] = event.line.split(' ');
        const key = `${event.pod} ${start}`;
        lines.set(key, [...(lines.get(key) ?? []), words.join(' ')]);
      }
      return lines;
    }
    /** How many lines were before its last one; that of the other hand may follow. */
    function lengthOf(lines: readonly string[]): number | undefined {
      const last = lines.find((line) => line.startsWith('bye '));
      return last === undefined ? last : Number(last.slice('bye '.length));
    }
    const hasEnded = (key: string) =>
      eventually(`all that ${key} said`, () => {
        const lines = said().get(key) ?? [];
        return lines.length > (lengthOf(lines) ?? Infinity);
      });

    async function isHeard(key: string): Promise<void> {
      const lines = () => said().get(key)?.length ?? 0;
      const before = lines();
      await eventually(`more of ${key}`, () => lines() > before);
    }

    it('loses and repeats no line through a rollout, restarts of a container and one of the API server', async () => {
      const logs = new PodLogs({
        ...{ project: 'shop', cluster: restarted, logs: 'changed', onEvent },
      });
      ends.push(() => logs.close());
      ends.push(
        set.followPods((now) => {
          pods = now;
          logs.update(now);
        }),
      );
      await (
        await apply(counting('one'))
      )();
      await eventually('two', () => said().size === 2);
      const [first = '', second = ''] = readyNames() ?? [];
      // With its container may end the command that ends it, too.
      const end = (pod: string) =>
        stage
          .kubectl(['exec', pod, '--', 'touch', '/kept/end'])
          .catch(({ exitCode }: { exitCode?: number }) =>
            expect(exitCode).toBe(137),
          );
      await end(first);
      await hasEnded(`${first} 0`);
      await eventually('it started again', () => said().has(`${first} 1`));
      // Its last words, and the first of the next, while nobody can listen.
      await spare.stop();
      await end(second);
      await until(
        'its next',
        async () =>
          (await stage.get(`pod/${second}`)).status !== undefined &&
          JSON.stringify(await stage.get(`pod/${second}`)).includes(
            '"restartCount":1',
          ),
      );
      await spare.start();
      await hasEnded(`${second} 0`);
      await eventually('it started again', () => said().has(`${second} 1`));
      // With the pods their logs will be gone.
      for (const pod of [first, second]) await isHeard(`${pod} 1`);
      await (
        await apply(counting('two'))
      )();
      for (const pod of [first, second]) await hasEnded(`${pod} 1`);
      await eventually('those of the next round', () => said().size === 6);
      const [third = '', fourth = ''] = [...said().keys()]
        .map((key) => key.split(' ')[0] ?? '')
        .filter((pod) => pod !== first && pod !== second);
      for (const pod of [third, fourth]) {
        await end(pod);
        await hasEnded(`${pod} 0`);
      }
      const starts = [first, second, third, fourth].map((pod) => `${pod} 0`);
      for (const key of [...starts, `${first} 1`, `${second} 1`]) {
        const lines = said().get(key) ?? [];
        // Two hands write them: each in its order.
        const numbers = lines
          .filter((line) => !line.startsWith('bye '))
          .map(Number)
          .sort((a, b) => a - b);
        const all = Array.from({ length: lengthOf(lines) ?? 0 }, (_, i) => i);
        expect(numbers).toEqual(all);
      }
    });
  });

  it('as events: what goes wrong, one line for each', async () => {
    const troubles = new ClusterEvents({
      ...{ project: 'shop', onEvent, now: () => performance.now() },
    });
    ends.push(
      set.followPods((now) => troubles.update(now)),
      set.followEvents((event) => troubles.add(event)),
    );
    const probe = { exec: { command: ['false'] }, periodSeconds: 1 };
    await apply(
      running('well', {}),
      running('lost', { image: `${image}-lost` }, { replicas: 2 }),
      running('crash', { command: ['sh', '-c', 'exit 3'] }),
      running('unready', { readinessProbe: probe }),
      running('config', {
        envFrom: [{ configMapRef: { name: 'nowhere' } }],
      }),
      running('large', { resources: { requests: { cpu: '1000' } } }),
      running(
        'unmounted',
        { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
        { volumes: [{ name: 'v', configMap: { name: 'nowhere' } }] },
      ),
    );
    const told = () =>
      events.flatMap((event) => {
        if (event.type !== 'event') return [];
        const [, owner] = /^pod\/(\w+)-/.exec(event.object) ?? [];
        return [`${owner} ${event.reason}: ${event.message}`];
      });
    const expected = [
      /^lost (?:ErrImagePull|ImagePullBackOff): container main: .*not found/,
      /^crash Error: container main: exit code 3$/,
      /^crash CrashLoopBackOff: container main: exit code 3, again and again$/,
      /^unready Unhealthy: container main: Readiness probe failed/,
      /^config CreateContainerConfigError: container main: .*"nowhere" not found/,
      /^large FailedScheduling: .*Insufficient cpu/,
      /^unmounted FailedMount: .*"nowhere" not found/,
    ];
    await eventually(
      'all of it',
      () => expected.every((each) => told().some((line) => each.test(line))),
      80_000,
    );
    // Nor is anything else, nor is any of it told twice.
    await sleep(5000);
    for (const each of expected) {
      expect(told().filter((line) => each.test(line))).toHaveLength(1);
    }
    expect(told()).toHaveLength(expected.length);
  });

  describe('as forwarded ports', () => {
    const web = (round: string): Manifest =>
      running(
        'web',
        {
          command: [
            'sh',
            '-c',
            `mkdir /w; echo ${round} > /w/index.html; nc -ll -p 90 -e cat & exec httpd -f -p 80 -h /w`,
          ],
          readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
        },
        { strategy: { type: 'Recreate' } },
      );

    async function freePort(): Promise<number> {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      return port;
    }

    /** @returns the local port of each port of the container */
    async function forward(
      cluster: Cluster,
      ...containerPorts: readonly number[]
    ) {
      const declared = await Promise.all(
        containerPorts.map(async (containerPort): Promise<Forward> => {
          const port = await freePort();
          return { object: 'deployment/web', port, containerPort };
        }),
      );
      const forwards = new PortForwards({ project: 'shop', cluster, onEvent });
      ends.push(() => forwards.close());
      ends.push(
        set.followPods((now) => {
          pods = now;
          forwards.update(declared, { pods: now, services: [] });
        }),
      );
      return { forwards, ports: declared.map(({ port }) => port) };
    }

    async function get(port = 0, agent: http.Agent | false = false) {
      const request = http.get({ port, host: '127.0.0.1', agent });
      const [response] = (await once(request, 'response')) as [
        http.IncomingMessage,
      ];
      return (await text(response)).trim();
    }

    it('leads to the new pod as soon as it is ready', async () => {
      const { ports } = await forward(stage.cluster, 80);
      const asked: { at: number; said: Promise<string> }[] = [];
      const agent = new http.Agent({ keepAlive: true });
      ends.push(() => agent.destroy());
      const asking = setInterval(() => {
        const kept = asked.length % 2 === 0 && agent;
        const said = get(ports[0], kept).catch((error: Error) => error.message);
        asked.push({ at: performance.now(), said });
      }, 50);
      ends.push(() => clearInterval(asking));
      // From before there is any.
      await (
        await apply(web('one'))
      )();
      const before = new Set(await eventually('one', readyNames));
      await until('one', async () => (await asked.at(-1)?.said) === 'one');
      await apply(web('two'));
      await eventually('the next', () =>
        readyNames()?.some((name) => !before.has(name)),
      );
      const readyAt = performance.now();
      await until('two', async () => (await asked.at(-1)?.said) === 'two');
      clearInterval(asking);
      const after = asked.filter(({ at }) => at > readyAt);
      const answers = await Promise.all(after.map(({ said }) => said));
      expect(new Set(answers)).toEqual(new Set(['two']));
    });

    it('takes 50 connections at once, and brings 20 MB each way as they were', async () => {
      const { ports } = await forward(stage.cluster, 80, 90);
      await (
        await apply(web('one'))
      )();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => get(ports[0])),
      );
      expect(new Set(answers)).toEqual(new Set(['one']));
      const sent = randomBytes(20 * MB);
      const socket = net.connect(ports[1] ?? 0, '127.0.0.1');
      socket.write(sent);
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of socket) {
        chunks.push(chunk as Buffer);
        size += (chunk as Buffer).length;
        if (size >= sent.length) break;
      }
      expect(Buffer.concat(chunks).equals(sent)).toBe(true);
    });

    it('answers again when the API server does', async () => {
      const { ports } = await forward(restarted, 80, 90);
      await (
        await apply(web('one'))
      )();
      expect(await get(ports[0])).toBe('one');
      const open = net.connect(ports[1] ?? 0, '127.0.0.1');
      open.write('x');
      await once(open, 'data');
      const lost = new Promise((resolve) => open.once('close', resolve));
      open.on('error', () => undefined);
      await spare.stop();
      await lost;
      const [answer] = await Promise.all([get(ports[0]), spare.start()]);
      expect(answer).toBe('one');
    });

    it('says what is in its way, and goes on when that is gone', async () => {
      const { ports } = await forward(stage.cluster, 81);
      await (
        await apply(web('one'))
      )();
      const [port = 0] = ports;
      await expect(get(port)).rejects.toThrow(/hang up|ECONNRESET/);
      expect(events.at(-1)).toMatchObject({
        state: 'failed',
        message: expect.stringMatching(
          /^nothing listens at port 81 of the pod web-/,
        ) as string,
      });
    });

    it('needs the right to forward ports, and says so to who lacks it', async () => {
      const rule = (resource: string, ...verbs: string[]) => ({
        apiGroups: [''],
        resources: [resource],
        verbs,
      });
      const reader = await stage.clusterOf('reader', [rule('pods', 'get')]);
      const user = await stage.clusterOf('user', [
        rule('pods/portforward', 'get', 'create'),
      ]);
      const refused = await forward(reader, 80);
      const allowed = await forward(user, 80);
      await (
        await apply(web('one'))
      )();
      expect(await get(allowed.ports[0])).toBe('one');
      await expect(get(refused.ports[0])).rejects.toThrow(/hang up|ECONNRESET/);
      const { message } = events.at(-1) as { message?: string };
      expect(message).toContain('resources: ["pods/portforward"]');
    });

    it('leaves nothing open', async () => {
      const { forwards, ports } = await forward(stage.cluster, 90);
      await (
        await apply(web('one'))
      )();
      const sockets = Array.from({ length: 20 }, () =>
        net.connect(ports[0] ?? 0, '127.0.0.1'),
      );
      await Promise.all(
        sockets.map(async (socket) => {
          socket.on('error', () => undefined);
          socket.write('x');
          await once(socket, 'data');
        }),
      );
      const closed = sockets.map(
        (socket) => new Promise((resolve) => socket.once('close', resolve)),
      );
      await forwards.close();
      await Promise.all(closed);
      await expect(get(ports[0])).rejects.toThrow(/ECONNREFUSED/);
      expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap');
      // And in the pod: only its listener is left.
      const [pod = ''] = readyNames() ?? [];
      await until('no connection', async () => {
        const table = await stage.kubectl([
          ...['exec', pod, '--', 'cat', '/proc/net/tcp'],
        ]);
        // 5A is 90, and 01 is ESTABLISHED.
        return !/^ *\d+: \w+:005A \w+:\w+ 01 /m.test(table);
      });
    });
  });
});
