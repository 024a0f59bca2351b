import { useCluster } from '../../cluster/testing/open-cluster';
import { useHttpServer } from '../../testing/http-server';
import { manualClock, type ManualClock } from '../../testing/manual-clock';
import {
  recordingReporter,
  type RecordingReporter,
} from '../../testing/recording-reporter';
import { errorOf } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import type { LiveObject } from '../live';
import { openReadiness, type Readiness, type ReadyReport } from './readiness';
import { SmallApi } from './testing/small-api';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';
const REPLICA_SETS = '/apis/apps/v1/namespaces/shop/replicasets';
const JOBS = '/apis/batch/v1/namespaces/shop/jobs';
const PODS = '/api/v1/namespaces/shop/pods';
const EVENTS = '/api/v1/namespaces/shop/events';
const MINUTES = 60_000;

const folder = useTempFolder();
const server = useHttpServer();
const { open: openCluster } = useCluster(folder, server);

const REVISION = { 'deployment.kubernetes.io/revision': '1' };
const object = (
  kind: string,
  status: object = {},
  metadata: object = {},
): LiveObject => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: {
    ...{ name: 'web', namespace: 'shop', uid: kind, generation: 1 },
    ...metadata,
  },
  status,
});
const deployment = (available: number, replicas = 2): LiveObject => ({
  ...object(
    'Deployment',
    {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      availableReplicas: available,
    },
    { annotations: REVISION },
  ),
  spec: { replicas },
});

describe('a wait', () => {
  let api: SmallApi;
  let clock: ManualClock;
  let reporter: RecordingReporter;
  let readiness: Readiness;
  let cancel: AbortController;
  /** How often the time was asked for: at what is ready, and at each look. */
  let looks: number;

  beforeEach(() => {
    api = new SmallApi();
    server.answer = api.answer;
    clock = manualClock();
    reporter = recordingReporter();
    cancel = new AbortController();
    looks = 0;
  });
  afterEach(() => readiness.close());

  async function open(...objects: LiveObject[]): Promise<void> {
    const cluster = await openCluster();
    const { signal } = cancel;
    const now = () => {
      looks++;
      return clock.now();
    };
    const systems = { cluster, reporter, now, signal, holder: 'test' };
    readiness = await openReadiness(objects, systems, clock);
    const all = server.requests.filter((each) => !each.includes('watch=1'));
    const paths = all.flatMap(
      (each) => /GET (\S+)\?limit/.exec(each)?.[1] ?? [],
    );
    await eventually('watches', () =>
      paths.every((path) => api.isWatched(path)),
    );
  }

  /** Begins once its timers are set. */
  async function wait(timeout: number): Promise<[Promise<ReadyReport>]> {
    const waiting = readiness.wait(timeout);
    waiting.catch(() => undefined);
    await eventually('a timer', () => clock.timers > 0);
    return [waiting];
  }

  it('ends with the time it was given, by the clock of the run', async () => {
    await open(deployment(0));
    api.put(DEPLOYMENTS, deployment(1));
    readiness.expect(deployment(0));
    const [waiting] = await wait(5 * MINUTES);
    await eventually('the Deployment', () => {
      clock.advance(1000);
      return reporter.lines.some((line) => line.includes('1 of 2'));
    });
    clock.advance(5 * MINUTES);
    const { code, message, hint } = await errorOf(waiting);
    expect(code).toBe('SLIPWAY_E_NOT_READY');
    expect(message).toMatch(
      /^1 of 1 objects not ready after 5m.*:\n {2}Deployment web in shop: 1 of 2 pods are available$/,
    );
    expect(hint).toMatch(/--timeout/);
  });

  it('tells what it waits for: what changes each five seconds at most, else less and less', async () => {
    await open(deployment(0));
    api.put(DEPLOYMENTS, deployment(0));
    readiness.expect(deployment(0));
    void (await wait(60 * MINUTES));
    const at: number[] = [];
    const { lines } = reporter;
    let told = 0;
    const pass = (seconds: number) => {
      for (let ms = 0; ms < seconds * 1000; ms += 500) {
        clock.advance(500);
        if (lines.length > told) at.push(clock.now());
        told = lines.length;
      }
    };
    pass(1);
    expect(at).toEqual([]);
    pass(599);
    expect(at.slice(0, 6)).toEqual([
      2000, 7000, 17_000, 37_000, 77_000, 137_000,
    ]);
    const line =
      'waiting for Deployment web in shop: 0 of 2 pods are available';
    expect(lines.slice(0, 6)).toEqual(
      ['2.0s', '7.0s', '17.0s', '37.0s', '1m17s', '2m17s'].map(
        (passed) => `${line} (${passed})`,
      ),
    );
    api.put(DEPLOYMENTS, deployment(1));
    await eventually('the change', () => {
      pass(5);
      return lines.at(-1)?.includes('1 of 2 pods are available');
    });
  });

  it('knows of a Job that ended well and was taken away before the wait', async () => {
    const conditions = [{ type: 'Complete', status: 'True' }];
    await open(object('Job'));
    readiness.expect(object('Job'));
    // As it is applied, others still are.
    await new Promise((resolve) => setImmediate(resolve));
    const before = looks;
    api.put(JOBS, object('Job', { conditions }));
    await eventually('its end is seen', () => looks > before);
    api.delete(JOBS, object('Job', { conditions }));
    const other = object('Job', {}, { name: 'other', uid: 'other' });
    readiness.expect(other);
    const [waiting] = await wait(60 * MINUTES);
    api.put(JOBS, { ...other, status: { conditions } });
    const { objects } = await waiting;
    expect(objects.map(({ name }) => name)).toEqual(['web', 'other']);
  });

  it('goes on for a pod that fits on no node while one is made', async () => {
    const owned = (
      kind: string,
      uid: string,
      by: string,
      status: object = {},
    ) =>
      object(kind, status, {
        name: uid,
        uid,
        annotations: REVISION,
        ownerReferences: [{ uid: by, controller: true }],
      });
    const unschedulable = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/1 nodes are available',
    };
    await open(deployment(0, 1));
    api.said.set(EVENTS, {
      status: 200,
      body: { items: [{ reason: 'TriggeredScaleUp', lastTimestamp: '1' }] },
    });
    api.put(REPLICA_SETS, owned('ReplicaSet', 'web-1', 'Deployment'));
    const pod = owned('Pod', 'web-1-a', 'web-1', {
      conditions: [unschedulable],
    });
    api.put(PODS, pod);
    api.put(DEPLOYMENTS, deployment(0, 1));
    readiness.expect(deployment(0, 1));
    const [waiting] = await wait(60 * MINUTES);
    await eventually('a word of the node', () => {
      clock.advance(1000);
      return reporter.lines.includes(
        'a node is being made for the pod web-1-a',
      );
    });
    clock.advance(10 * MINUTES);
    api.put(DEPLOYMENTS, deployment(1, 1));
    expect(await waiting).toMatchObject({ objects: [{ name: 'web' }] });
  });

  it('fails with a login that is refused in the middle', async () => {
    await open(deployment(0));
    api.put(DEPLOYMENTS, deployment(0));
    readiness.expect(deployment(0));
    const [waiting] = await wait(60 * MINUTES);
    api.said.set(DEPLOYMENTS, { status: 401, body: { message: 'expired' } });
    api.endWatches(DEPLOYMENTS);
    const { code, message } = await errorOf(waiting);
    expect(code).toBe('SLIPWAY_E_CLUSTER_REFUSED');
    expect(message).toMatch(/expired \(HTTP 401\)/);
  });

  it('tells what is known if the details cannot be had', async () => {
    await open(deployment(0));
    api.said.set(EVENTS, { status: 500, body: { message: 'etcd is ill' } });
    api.put(DEPLOYMENTS, deployment(0));
    readiness.expect(deployment(0));
    const [waiting] = await wait(1000);
    clock.advance(1000);
    const { code, message } = await errorOf(waiting);
    expect(code).toBe('SLIPWAY_E_NOT_READY');
    expect(message).toMatch(/more is not known: .*etcd is ill/);
  });

  describe('for a second pass', () => {
    const failed = object('Job', {
      conditions: [{ type: 'Failed', status: 'True', reason: 'Backoff' }],
    });

    it('does not end by what the first has left before its own have come', async () => {
      await open(object('Job'), deployment(0));
      readiness.expect(object('Job'));
      api.put(JOBS, failed);
      api.put(DEPLOYMENTS, deployment(0));
      await readiness.begin(() => true);
      readiness.expect(deployment(0));
      const [waiting] = await wait(60 * MINUTES);
      let isOver = false;
      waiting.catch(() => (isOver = true));
      await eventually('a word of both', () => {
        clock.advance(1000);
        const told = reporter.lines.join();
        return told.includes('Backoff') && told.includes('0 of 2');
      });
      expect(isOver).toBe(false);
      api.put(DEPLOYMENTS, deployment(2));
      const { code, message } = await errorOf(waiting);
      expect(code).toBe('SLIPWAY_E_NOT_READY');
      expect(message).toMatch(/Job web in shop: Backoff/);
    });

    it('waits for an object once, as it was applied last, and for none that has gone', async () => {
      await open(object('Job'), deployment(0));
      readiness.expect(object('Job'));
      readiness.expect(deployment(0));
      api.put(DEPLOYMENTS, deployment(2));
      await readiness.begin((key) => key === 'apps/Deployment/shop/web');
      const next = { ...deployment(2) };
      const metadata = { ...next.metadata, generation: 2 };
      readiness.expect({ ...next, metadata });
      const [waiting] = await wait(60 * MINUTES);
      api.put(DEPLOYMENTS, {
        ...next,
        metadata,
        status: { ...(next.status as object), observedGeneration: 2 },
      });
      const { objects } = await waiting;
      expect(objects.map(({ kind }) => kind)).toEqual(['Deployment']);
    });

    it('outlasts a wait of the first that is ended', async () => {
      await open(deployment(0));
      api.put(DEPLOYMENTS, deployment(0));
      readiness.expect(deployment(0));
      const first = new AbortController();
      const ended = errorOf(readiness.wait(60 * MINUTES, first.signal));
      await eventually('a timer', () => clock.timers > 0);
      await readiness.begin(() => true);
      const [second] = await wait(60 * MINUTES);
      first.abort();
      expect((await ended).code).toBe('SLIPWAY_E_CANCELLED');
      api.put(DEPLOYMENTS, deployment(2));
      expect((await second).objects).toMatchObject([{ name: 'web' }]);
      expect(clock.timers).toBe(0);
    });
  });

  it('ends with a cancel, and leaves no timer', async () => {
    await open(deployment(0));
    readiness.expect(deployment(0));
    const [waiting] = await wait(60 * MINUTES);
    cancel.abort();
    expect((await errorOf(waiting)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(clock.timers).toBe(0);
  });
});
