import type { Duplex } from 'node:stream';
import { openPodPort, type Cluster } from '../../cluster';
import { hasCode } from '../../report';
import type { Changes } from './changes';
import type { Destination } from './destination';

export interface ReachPod {
  readonly cluster: Pick<Cluster, 'connection'>;
  /** As it is now. */
  readonly destination: () => Destination;
  /** Of it. */
  readonly changes: Changes;
  /** Uids of pods that were seen to answer at their port. */
  readonly proven: ReadonlySet<string>;
  /** Milliseconds: how long it is tried. */
  readonly hold: number;
  /** Milliseconds: before the next try, unless something changes. */
  readonly pause: number;
  /** Ends the connection, also later. */
  readonly signal: AbortSignal;
  /** Whether the client has gone. */
  readonly gone: AbortSignal;
}

export interface Reached {
  readonly stream: Duplex;
  readonly uid: string;
}

/** A pod that cannot be reached, whoever tries. */
export interface Unreached {
  readonly uid: string;
  readonly error: Error;
}

/** What the next try may not meet: nothing listens there yet, the pod goes. */
const PASSING = [
  'SLIPWAY_E_CLUSTER_UNREACHABLE',
  'SLIPWAY_E_CLUSTER_FAILED',
] as const;
/**
 * Milliseconds. The kubelet says that nothing listens after it has taken the
 * connection, and nothing if somebody does.
 */
const REFUSED_WITHIN = 150;

/**
 * Opens a connection to the pod that is the destination, as soon as there is one
 * and its program listens: one without readiness probe is ready before that.
 * @returns undefined when there is no pod in time, or nobody waits any more
 */
export async function reachPod(
  parts: ReachPod,
): Promise<Reached | Unreached | undefined> {
  const { destination, changes, hold, pause, signal, gone } = parts;
  const until = performance.now() + hold;
  while (!signal.aborted && !gone.aborted) {
    const left = until - performance.now();
    const to = destination();
    if (to === 'none' || 'wrong' in to) {
      if (left <= 0) return undefined;
      await changes.next(left, gone);
      continue;
    }
    const { uid } = to;
    try {
      const stream = await openPodPort(parts.cluster, { ...to, signal });
      if (!parts.proven.has(uid)) await untilTaken(stream);
      // It may have failed before anybody listened.
      if (stream.errored) throw stream.errored;
      return { stream, uid };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!hasCode(error, ...PASSING) || left <= 0) {
        return { uid, error: error as Error };
      }
      await changes.next(Math.min(pause, left), gone);
    }
  }
  return undefined;
}

function untilTaken(stream: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      clearTimeout(timer);
      stream.off('error', settle).off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onClose = () => settle();
    const timer = setTimeout(settle, REFUSED_WITHIN);
    stream.on('error', settle).on('close', onClose);
  });
}
