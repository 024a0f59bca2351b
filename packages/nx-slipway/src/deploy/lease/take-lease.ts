import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '../../report';
import { hasEnded, pidIfRunning } from '../../state';
import type { DeploySystems } from '../types';
import type { Lease, LeaseSpec, LeaseStore } from './lease-object';

/** Milliseconds. */
export interface LeaseTimes {
  /** How long a holder who is not heard of is waited for. */
  readonly duration: number;
  readonly renewEvery: number;
  /** Between looks whether the holder is heard of. */
  readonly lookEvery: number;
}

/** However long another holder has asked for. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Makes a Lease ours. One that is held is looked at for as long as it is valid,
 * by this machine's clock alone: those of two machines differ, and jump.
 * @throws SLIPWAY_E_SET_BUSY if the holder is heard of meanwhile, or somebody
 *   takes it over from us
 */
export async function takeLease(
  store: LeaseStore,
  identity: string,
  takeover: boolean,
  times: LeaseTimes,
  systems: DeploySystems,
): Promise<Lease> {
  for (;;) {
    const found = await store.read();
    const isHeld = found !== undefined && !(await isFree(found));
    if (isHeld && !takeover) {
      if (await isAtWorkHere(found, times)) throw busy(found);
      await waitForSilence(found, store, times, systems);
    }
    const spec = specOf(identity, times.duration, found?.spec);
    const taken = await store.write(found, spec);
    // Else somebody was faster: their claim is looked at like any other.
    if (!taken) continue;
    if (!isHeld || !takeover) return taken;
    await letNotice(found, times, systems);
    // After a cancel it is only let go.
    if (systems.signal.aborted) return taken;
    // Somebody may have taken it from us meanwhile, and gives us no more time.
    const { lease, loss } = await renewLease(store, taken, identity, times);
    if (loss) throw loss.error;
    return lease;
  }
}

/** A Lease is ours no more. */
export interface Loss {
  /** SLIPWAY_E_SET_BUSY */
  readonly error: SlipwayError;
  /** It was deleted, and nobody has taken it. */
  readonly isGone: boolean;
}

type Renewal =
  | { readonly lease: Lease; readonly loss?: undefined }
  | { readonly lease?: undefined; readonly loss: Loss };

/** @throws as Cluster.request */
export async function renewLease(
  store: LeaseStore,
  lease: Lease,
  identity: string,
  { duration }: LeaseTimes,
): Promise<Renewal> {
  const spec = specOf(identity, duration, lease.spec);
  // Overtaken by its own first try, too, whose answer never came.
  const found = (await store.write(lease, spec)) ?? (await store.read());
  if (found?.spec?.holderIdentity === identity) return { lease: found };
  return { loss: { error: lostTo(found), isGone: found === undefined } };
}

/** @throws SLIPWAY_E_SET_BUSY */
async function waitForSilence(
  found: Lease,
  store: LeaseStore,
  { lookEvery }: LeaseTimes,
  { reporter, now, signal }: DeploySystems,
): Promise<void> {
  const limit = durationOf(found);
  const until = now() + limit;
  reporter.info(
    `the set is held by ${holderOf(found)}; waiting up to ${Math.ceil(limit / 1000)} s for a sign that it still runs`,
  );
  while (now() < until) {
    await sleep(lookEvery, undefined, { signal }).catch(() => undefined);
    const seen = await store.read();
    if (!seen || !seen.spec?.holderIdentity) return;
    if (versionOf(seen) !== versionOf(found)) throw busy(seen);
  }
  reporter.info(`${holderOf(found)} has not been heard of: taking its set`);
}

/** It learns of it when it renews, and writes nothing from then on. */
async function letNotice(
  found: Lease,
  { renewEvery }: LeaseTimes,
  { reporter, signal }: DeploySystems,
): Promise<void> {
  // And the answer must have come.
  const pause = renewEvery * 1.5;
  reporter.info(
    `took the set from ${holderOf(found)}; giving it ${Math.ceil(pause / 1000)} s to notice`,
  );
  await sleep(pause, undefined, { signal }).catch(() => undefined);
}

function specOf(
  identity: string,
  duration: number,
  before?: LeaseSpec,
): LeaseSpec {
  const time = microTime();
  const isOurs = before?.holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(duration / 1000),
    acquireTime: isOurs ? before.acquireTime : time,
    renewTime: time,
    leaseTransitions: (before?.leaseTransitions ?? 0) + (isOurs ? 0 : 1),
  };
}

/** For people: without the word that identifies the process. */
function holderOf({ spec }: Lease): string {
  const words = (spec?.holderIdentity ?? 'somebody').split(' ');
  return words.filter((word) => !/^[0-9a-f-]{16,}$/.test(word)).join(' ');
}

function busy(lease: Lease): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_SET_BUSY',
    message: `${holderOf(lease)} is at work on this manifest set, by the Lease ${lease.metadata.name} in ${lease.metadata.namespace}.`,
    hint: 'Wait until it is done, or stop it. --takeover takes the set from it; it then stops before it writes again.',
  });
}

/** @param lease as it is now */
function lostTo(lease: Lease | undefined): SlipwayError {
  if (lease?.spec?.holderIdentity) return busy(lease);
  return new SlipwayError({
    code: 'SLIPWAY_E_SET_BUSY',
    message: 'somebody has taken this manifest set, and let it go again.',
    hint: 'Nothing more was written. Run it again.',
  });
}

/** Nobody holds it, or a process of this machine that runs no more. */
async function isFree({ spec }: Lease): Promise<boolean> {
  const words = (spec?.holderIdentity ?? '').split(' ').filter(Boolean);
  if (words.length === 0) return true;
  const ended = await Promise.all(words.map(hasEnded));
  return ended.includes(true);
}

/**
 * A process of this machine that is there, and has renewed it in time: by its
 * own clock, which is ours.
 */
async function isAtWorkHere(
  { spec }: Lease,
  { duration }: LeaseTimes,
): Promise<boolean> {
  const words = (spec?.holderIdentity ?? '').split(' ').filter(Boolean);
  const pids = await Promise.all(words.map(pidIfRunning));
  const renewed = Date.parse(spec?.renewTime ?? '');
  return (
    pids.some((pid) => pid !== undefined) && Date.now() - renewed < duration
  );
}

function durationOf({ spec }: Lease): number {
  return Math.min((spec?.leaseDurationSeconds ?? 15) * 1000, LONGEST_WAIT_MS);
}

function versionOf({ metadata }: Lease): unknown {
  return metadata.resourceVersion;
}

/** As the API writes it, with microseconds. */
function microTime(): string {
  return new Date().toISOString().replace(/Z$/, '000Z');
}
