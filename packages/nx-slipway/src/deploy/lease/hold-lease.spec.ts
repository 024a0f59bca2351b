import type { Cluster, KubeRequest } from '../../cluster';
import { SlipwayError } from '../../report';
import { identityOf } from '../../state';
import { recordingReporter } from '../../testing/recording-reporter';
import { errorOf } from '../../testing/slipway-error';
import { holdSet } from './hold-lease';
import type { Lease, LeaseSpec } from './lease-object';
import type { Loss } from './take-lease';

const PLACE = { name: 'set', namespace: 'shop' };
/** No timer of it ever runs out in a test. */
const TIMES = { duration: 15_000, renewEvery: 5000, lookEvery: 1 };

/** One Lease, with the versions that the API server keeps. */
class LeaseServer {
  lease?: Lease;
  isAway = false;
  last?: KubeRequest;
  /** Told when a holder has written. */
  onWrite?: () => void;
  private version = 0;

  readonly cluster = {
    get: () => Promise.resolve(this.lease),
    request: (request: KubeRequest) => {
      const { method, body } = request;
      this.last = request;
      if (this.isAway) {
        const code = 'SLIPWAY_E_CLUSTER_UNREACHABLE';
        return Promise.reject(new SlipwayError({ code, message: 'away' }));
      }
      if (method === 'DELETE') return this.delete(body as Deletion);
      const sent = body as Lease;
      const isCurrent =
        sent.metadata.resourceVersion === this.lease?.metadata.resourceVersion;
      if (method === 'PUT' && !isCurrent) return status(409);
      if (method === 'POST' && this.lease) return status(409);
      const written = status(200, this.put(sent.spec ?? {}));
      this.onWrite?.();
      return written;
    },
  } as unknown as Cluster;

  private delete({ preconditions = {} }: Deletion) {
    const { resourceVersion } = preconditions;
    const current = this.lease?.metadata.resourceVersion;
    const isOvertaken =
      resourceVersion !== undefined && resourceVersion !== current;
    if (isOvertaken) return status(409);
    this.lease = undefined;
    return status(200);
  }

  put(spec: LeaseSpec): Lease {
    const resourceVersion = String(++this.version);
    const metadata = { ...PLACE, resourceVersion };
    this.lease = { apiVersion: 'v1', kind: 'Lease', metadata, spec };
    return this.lease;
  }
}

interface Deletion {
  readonly preconditions?: { readonly resourceVersion?: string };
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

  it('is refused at once where its holder is at work on this machine', async () => {
    const of = server();
    const holder = `ann@desk pid 1 shop:serve ${await identityOf(process.pid)}`;
    const held = (renewTime: string) =>
      of.put({
        holderIdentity: `${holder} 0123456789abcdef`,
        leaseDurationSeconds: 15,
        renewTime,
      });
    held(new Date().toISOString());
    // No time passes in which it could be waited for.
    const error = await errorOf(hold(of, () => 0));
    expect(error.message).toMatch(/^ann@desk pid 1 shop:serve is at work/);
    // One that hangs renews nothing.
    held(new Date(Date.now() - TIMES.duration).toISOString());
    let now = 0;
    await (await hold(of, () => (now += 1000))).release();
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

  it('is renewed, too, where the clock of the run has slept with the machine', async () => {
    const of = server();
    const held = await hold(of, () => 0);
    const before = of.lease?.metadata.resourceVersion;
    const day = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    await held.assertHeld().finally(() => day.mockRestore());
    expect(of.lease?.metadata.resourceVersion).not.toBe(before);
    await held.release();
  });

  it('that was taken over is given up again to whoever takes it over next', async () => {
    const of = server();
    of.put({ holderIdentity: 'bob@far pid 9' });
    of.onWrite = () => {
      of.onWrite = undefined;
      of.put({ holderIdentity: 'eve@far pid 1' });
    };
    const times = { ...TIMES, renewEvery: 1 };
    const taking = holdSet(
      PLACE,
      { takeover: true },
      systems(of, () => 0),
      times,
    );
    const error = await errorOf(taking);
    expect(error.code).toBe('SLIPWAY_E_SET_BUSY');
    expect(error.message).toMatch(/^eve@far pid 1 is at work/);
    expect(of.lease?.spec?.holderIdentity).toBe('eve@far pid 1');
  });

  it('is removed, but not from under whoever has taken it', async () => {
    const of = server();
    const first = await hold(of, () => 0);
    of.put({ holderIdentity: 'bob@far pid 9' });
    await first.remove();
    expect(of.lease?.spec?.holderIdentity).toBe('bob@far pid 9');
    of.put({});
    await (await hold(of, () => 0)).remove();
    expect(of.lease).toBeUndefined();
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

  it.each([
    ['somebody has taken it', false],
    ['it was deleted, and nobody has it', true],
  ])('is lost, told once: %s', async (_, isGone) => {
    const of = server();
    const losses: Loss[] = [];
    const held = await holdSet(
      PLACE,
      { takeover: false, onLost: (loss) => losses.push(loss) },
      systems(of, () => 0),
      TIMES,
    );
    if (isGone) of.lease = undefined;
    else of.put({ holderIdentity: 'bob@far pid 9' });
    await held.renew();
    await held.renew();
    expect(losses).toMatchObject([
      { error: { code: 'SLIPWAY_E_SET_BUSY' }, isGone },
    ]);
    expect(await errorOf(held.assertHeld())).toBe(losses[0]?.error);
    await held.release();
  });

  it('is let go by requests that take no longer than they may', async () => {
    const of = server();
    const held = await hold(of, () => 0);
    await held.release(600);
    expect(of.last).toMatchObject({ patience: 600, deadline: 600 });
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
