import { formatDuration } from '../report';
import { askCancelled, dockerError } from './docker-errors';
import type { DockerEndpoint } from './endpoint';

export interface Question {
  /** What it was asked to do, for messages: `inspect web:1`. */
  readonly doing: string;
  /** Milliseconds, to the beginning of the answer. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
  readonly endpoint: DockerEndpoint;
}

/** For tidying up after a cancel: Nx kills us after 5 s. */
const LAST_MS = 1000;

/**
 * A daemon that is stopped or has lost its disk answers never: not even an
 * error. Only a push or a save may take its time, once it has begun to answer.
 * @throws SLIPWAY_E_DOCKER_NOT_RUNNING, SLIPWAY_E_DOCKER_PERMISSION,
 *   SLIPWAY_E_DOCKER_FAILED, SLIPWAY_E_CANCELLED
 */
export async function askDaemon<T>(
  request: () => Promise<T>,
  { doing, deadline, signal, endpoint }: Question,
): Promise<T> {
  const isOver = signal?.aborted;
  const limit = isOver ? LAST_MS : deadline;
  let forget = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    const silent = new Error(
      `it did not answer within ${formatDuration(limit)}`,
    );
    const timer = setTimeout(() => reject(silent), limit);
    const cancel = () => reject(askCancelled(doing));
    if (!isOver) signal?.addEventListener('abort', cancel, { once: true });
    forget = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
  });
  try {
    return await Promise.race([request(), late]);
  } catch (error) {
    throw dockerError(error, doing, endpoint);
  } finally {
    forget();
  }
}
