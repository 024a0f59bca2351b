import type { Cluster, KubeRequest } from '../../cluster';
import { SlipwayError } from '../../report';
import { recordingReporter } from '../../testing/recording-reporter';
import { errorOf } from '../../testing/slipway-error';
import { holdSet } from './hold-lease';
import type { Lease, LeaseSpec } from './lease-object';

const PLACE = { name: 'set', namespace: 'shop' };
/** No timer of it ever runs out in a test. */
const TIMES = { duration: 15_000, renewEvery: 5000, lookEvery: 1 };

/** One Lease, with the versions that the API server keeps. */
class LeaseServer {
  lease?: Lease;
  isAway = false;
  private version = 0;

  readonly cluster = {
    get: () => Promise.resolve(this.lease),
    request: ({ method, body }: KubeRequest) => {
      if (this.isAway) {
        const code = 'SLIPWAY_E_CLUSTER_UNREACHABLE';
        return Promise.reject(new SlipwayError({ code, message: 'away' }));
      }
      const sent = body as Lease;
      const isCurrent =
        sent.metadata.resourceVersion === this.lease?.metadata.resourceVersion;
      if (method === 'PUT' && !isCurrent) return status(409);
      if (method === 'POST' && this.lease) return status(409);
      return status(200, this.put(sent.spec ?? {}));
    },
  } as unknown as Cluster;

  put(spec: LeaseSpec): Lease {
    const resourceVersion = String(++this.version);
    const metadata = { ...PLACE, resourceVersion };
    this.lease = { apiVersion: 'v1', kind: 'Lease', metadata, spec };
    return this.lease;
  }
}

const status = (code: number, body?: unknown) =>
  Promise.resolve({ status: code, body });

describe('a set that is held', () => {
  const server = () => new LeaseServer();
  const systems = (
    { cluster }: LeaseServer,
    now: () => number,
    signal = new AbortController().signal,
  ) => ({
    cluster,
    now,
    signal,
    reporter: recordingReporter(),
    holder: 'ann@desk pid 7 shop:deploy',
  });
  const hold = (of: LeaseServer, now: () => number, signal?: AbortSignal) =>
    holdSet(PLACE, { takeover: false }, systems(of, now, signal), TIMES);

  it('is taken when this clock says so, whatever the other has written', async () => {
    const of = server();
    of.put({
      holderIdentity: 'bob@far pid 9',
      leaseDurationSeconds: 15,
      // Of a clock that is years ahead.
      renewTime: '2999-01-01T00:00:00.000000Z',
    });
    let now = 0;
    const held = await hold(of, () => (now += 1000));
    expect(of.lease?.spec?.holderIdentity).toMatch(/^ann@desk pid 7/);
    expect(of.lease?.spec?.leaseTransitions).toBe(1);
    await held.release();
    expect(of.lease?.spec?.holderIdentity).toBeUndefined();
  });

  it('is renewed before the next write by a machine that has slept', async () => {
    const of = server();
    let now = 0;
    const held = await hold(of, () => now);
    const before = of.lease?.metadata.resourceVersion;
    await held.assertHeld();
    expect(of.lease?.metadata.resourceVersion).toBe(before);
    now = 3_600_000;
    await held.assertHeld();
    expect(of.lease?.metadata.resourceVersion).not.toBe(before);
    await held.release();
  });

  it('is found to be lost by a machine that has slept, and let be', async () => {
    const of = server();
    let now = 0;
    const held = await hold(of, () => now);
    of.put({ holderIdentity: 'bob@far pid 9' });
    now = 3_600_000;
    const error = await errorOf(held.assertHeld());
    expect(error.code).toBe('SLIPWAY_E_SET_BUSY');
    expect(error.message).toMatch(/^bob@far pid 9 is at work/);
    await held.release();
    expect(of.lease?.spec?.holderIdentity).toBe('bob@far pid 9');
  });

  it('is no leave to write, nor let go, in a cluster that does not answer', async () => {
    const of = server();
    let now = 0;
    const held = await hold(of, () => now);
    of.isAway = true;
    now = 3_600_000;
    const error = await errorOf(held.assertHeld());
    expect(error.code).toBe('SLIPWAY_E_CLUSTER_UNREACHABLE');
    of.isAway = false;
    await held.release();
    expect(of.lease?.spec?.holderIdentity).toMatch(/^ann@desk/);
  });

  it('is no leave to write after a cancel', async () => {
    const of = server();
    const cancel = new AbortController();
    const held = await hold(of, () => 0, cancel.signal);
    cancel.abort();
    const error = await errorOf(held.assertHeld());
    expect(error.code).toBe('SLIPWAY_E_CANCELLED');
    await held.release();
    expect(of.lease?.spec?.holderIdentity).toBeUndefined();
  });
});
