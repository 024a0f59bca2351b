import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureSandbox, sandboxEnv } from '@nx-slipway/sandbox';
import {
  openExec,
  watchObjects,
  type Cluster,
} from '../../../packages/nx-slipway/src/cluster';
import { fileStates } from '../../../packages/nx-slipway/src/inputs';
import {
  ANNOTATION,
  Archives,
  annotatePod,
  contentOf,
  openFleet,
  openLink,
  openNotes,
  readPod,
  type Fleet,
  type Held,
  type LiveUpdate,
  type PodObject,
} from '../../../packages/nx-slipway/src/live-update';
import { hasCode } from '../../../packages/nx-slipway/src/report';
import { TestNamespace } from './support/cluster';
import { until } from './support/deploy-stage';
import { openSandboxCluster } from './support/open-cluster';
import { run } from './support/run';

const PODS = ['web-0', 'web-1', 'web-2'];
/** Files and folders of one name among them, and a volume. */
const SOURCES = ['src/a', 'src/b', 'src/b/x', 'src/b/x/y', 'data/c', 'data/d'];
const FIRST = ['src/a', 'src/b/x', 'data/c'];
const ROUNDS = 30;

const rule = (path: string) => ({ written: path, path });
const UPDATE: LiveUpdate = {
  fallBackOn: [],
  syncs: [
    { from: rule('src'), to: '/app' },
    { from: rule('data'), to: '/volume/data' },
  ],
  runs: [
    {
      argv: ['sh', '-c', 'cat /app/a > /ran 2>&1 || true'],
      written: 'cat',
      trigger: [rule('src/a')],
    },
  ],
  restart: false,
};

/** The container ends when it is told to, and starts again. */
const MAIN = `
mkdir -p /app/b /volume/data
for file in app/a app/b/x volume/data/c; do
  case $file in volume*) [ -e /volume/filled ] && continue ;; esac
  printf first > /$file
done
touch /volume/filled
while [ ! -e /end ]; do sleep 0.05; done`;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('containers of the cluster that are kept as files are', () => {
  let namespace: TestNamespace;
  let cluster: Cluster;
  let root: string;
  let image: string;
  let env: Record<string, string>;
  let fleet: Fleet;
  let serve = new AbortController();
  let base: ReadonlyMap<string, string>;
  const end = new AbortController();
  const files = new Map<string, string>();
  const strangers: PodObject[] = [];
  const later: Held[] = [];
  let pods: PodObject[] = [];

  beforeAll(async () => {
    const sandbox = await ensureSandbox();
    env = sandboxEnv(sandbox);
    root = await mkdtemp(join(tmpdir(), 'slipway-fleet-'));
    const name = `e2e-fleet-${randomBytes(3).toString('hex')}`;
    namespace = await TestNamespace.create(sandbox, name);
    await namespace.kubectl('wait', '--for=create', 'serviceaccount/default');
    image = `${sandbox.registry.hostFromCluster}/busybox:1.35`;
    cluster = await openSandboxCluster(sandbox);
    for (const source of FIRST) await save(source, 'first');
    base = new Map(
      [...contentOf(UPDATE, await states())].map(([path, entry]) => [
        path,
        entry.state,
      ]),
    );
    await Promise.all(PODS.map(create));
    await startServe();
    await watchObjects(cluster, {
      path: `/api/v1/namespaces/${name}/pods`,
      onChange: (objects) => {
        pods = [...objects.values()] as PodObject[];
        fleet.setPods('shop', pods);
      },
      onError: (error) => {
        throw error;
      },
      signal: end.signal,
    });
  });
  afterAll(async () => {
    serve.abort();
    end.abort();
    await fleet.close();
    await namespace.remove();
    await rm(root, { recursive: true });
  });

  const states = () =>
    fileStates(
      root,
      [...files.keys()].map((source) => join(root, source)),
    );

  /** @param text undefined: it is deleted */
  async function save(source: string, text?: string): Promise<void> {
    for (const other of [...files.keys()]) {
      const isInWay =
        other === source ||
        other.startsWith(`${source}/`) ||
        source.startsWith(`${other}/`);
      if (!isInWay) continue;
      files.delete(other);
      await rm(join(root, other), { recursive: true, force: true });
    }
    if (text === undefined) return;
    await rm(join(root, source), { recursive: true, force: true });
    await mkdir(dirname(join(root, source)), { recursive: true });
    await writeFile(join(root, source), text);
    files.set(source, text);
  }

  async function create(name: string): Promise<void> {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'main',
            image,
            command: ['sh', '-c', MAIN],
            volumeMounts: [{ name: 'volume', mountPath: '/volume' }],
          },
        ],
        volumes: [{ name: 'volume', emptyDir: {} }],
      },
    };
    await run('kubectl', ['--namespace', namespace.name, 'create', '-f', '-'], {
      env,
      input: JSON.stringify(pod),
    });
  }

  async function startServe(): Promise<void> {
    serve = new AbortController();
    const { signal } = serve;
    const archives = new Archives(root);
    fleet = openFleet({
      openLink: (place) =>
        openLink({
          ...{ place, root, archives, signal },
          exec: (command, options) =>
            openExec(cluster, { ...place, command, ...options }),
          onOutput: () => undefined,
          now: () => performance.now(),
        }),
      readPod: (place) => readPod(cluster, place),
      annotate: (pod, value) => annotatePod(cluster, pod, value),
      writer: 'me',
      onLater: (held) => later.push(held),
      onStranger: (pod) => strangers.push(pod),
      notes: await openNotes(join(root, 'notes')),
      clock: {
        now: () => performance.now(),
        after(ms, action) {
          const timer = setTimeout(action, ms);
          return () => clearTimeout(timer);
        },
      },
      signal,
      say: { warn: () => undefined },
    });
    fleet.setPods('shop', pods);
  }

  const hold = async () =>
    fleet.hold({
      isOurs: (each) => each === image,
      generation: '1',
      liveUpdate: UPDATE,
      base,
      content: contentOf(UPDATE, await states()),
    });

  /** What it holds, by its path. */
  async function filesIn(pod: string): Promise<Record<string, string>> {
    const script =
      'cd / && find app volume/data -type f | while read f; do echo "/$f $(sha256sum < "$f")"; done';
    const text = await namespace.kubectl('exec', pod, '--', 'sh', '-c', script);
    const lines = text.split('\n').filter((line) => line !== '');
    return Object.fromEntries(
      lines.map((line) => {
        const [path = '', hash = ''] = line.split(' ');
        return [path, hash];
      }),
    );
  }

  const desiredFiles = () =>
    Object.fromEntries(
      [...files].map(([source, text]) => [
        source.replace(/^src/, '/app').replace(/^data/, '/volume/data'),
        createHash('sha256').update(text).digest('hex'),
      ]),
    );

  const errorsIn = (held: readonly (Held | undefined)[]) =>
    held.flatMap((each) => each?.needsBuild?.error?.message ?? []);

  it('hold the newest in the end, whatever happens in whatever order', async () => {
    const seed = Number(process.env.SEED ?? randomBytes(4).readUInt32LE());
    const random = randomOf(seed);
    const one = <T>(list: readonly T[]) =>
      list[Math.floor(random() * list.length)] as T;
    const ended = new Set<string>();
    const holds: Promise<Held | undefined>[] = [];
    const unlessClosed = (error: Error) => {
      if (hasCode(error, 'SLIPWAY_E_CANCELLED')) return undefined;
      throw error;
    };
    const endContainer = (pod: string) =>
      namespace
        .kubectl('exec', pod, '--', 'touch', '/end')
        // It may be too fast for its own exec.
        .catch(() => undefined);

    await hold();
    for (let round = 0; round < ROUNDS; round += 1) {
      const dice = random();
      const pod = one(PODS);
      if (dice < 0.7) {
        const text = random() < 0.3 ? undefined : `text ${round}`;
        await save(one(SOURCES), text);
        holds.push(hold().catch(unlessClosed));
      } else if (dice < 0.8 && !ended.has(pod)) {
        // A second time it would be held back for long.
        ended.add(pod);
        await endContainer(pod);
      } else if (dice < 0.9) {
        await namespace.kubectl('delete', 'pod', pod, '--wait=true');
        await create(pod);
        ended.delete(pod);
      } else if (dice < 0.95) {
        serve.abort();
        await startServe();
        holds.push(hold().catch(unlessClosed));
      } else {
        await new Promise((resolve) => setTimeout(resolve, random() * 500));
      }
    }
    const held = [...(await Promise.all(holds)), ...later];
    // The end of a container is no failure.
    expect({ seed, errors: errorsIn(held) }).toEqual({ seed, errors: [] });
    await namespace.kubectl(
      ...['wait', '--for=condition=Ready', '--timeout=60s', 'pods', '--all'],
    );
    await until(`all of seed ${seed}`, async () => {
      const held = await hold();
      return held.containers === PODS.length && held.isNothing;
    });
    for (const pod of PODS) {
      expect({ seed, pod, files: await filesIn(pod) }).toEqual({
        ...{ seed, pod },
        files: desiredFiles(),
      });
    }
    expect(strangers).toEqual([]);
    const { metadata } = pods.find(
      (each) => each.metadata.name === PODS[0],
    ) as PodObject;
    expect(metadata.annotations?.[ANNOTATION]).toMatch(/^me-[0-9a-f]{16}$/);
  });
});
