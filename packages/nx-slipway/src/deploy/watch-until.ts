import { watchObjects, type WatchedObject } from '../cluster';
import type { SlipwayError } from '../report';
import { cancelled } from './cancelled';
import type { DeploySystems } from './types';

export interface WatchUntil {
  /** Of a collection, with its query. */
  readonly path: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly isDone: (objects: ReadonlyMap<string, WatchedObject>) => boolean;
  /** What it is that the time is over. */
  readonly late: () => SlipwayError;
}

/**
 * Watches a collection until it is as it should be.
 * @throws what `late` says, SLIPWAY_E_CANCELLED, and as Cluster.request
 */
export async function watchUntil(
  { path, timeout, isDone, late }: WatchUntil,
  { cluster, signal }: Pick<DeploySystems, 'cluster' | 'signal'>,
): Promise<void> {
  const end = new AbortController();
  const stop = () => end.abort();
  signal.addEventListener('abort', stop, { once: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(late()), timeout);
      end.signal.addEventListener('abort', () => reject(cancelled()));
      if (signal.aborted) stop();
      watchObjects(cluster, {
        path,
        signal: end.signal,
        onChange: (objects) => {
          if (isDone(objects)) resolve();
        },
        onError: reject,
      }).catch(reject);
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    end.abort();
  }
}
