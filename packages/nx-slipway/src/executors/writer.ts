import type { Writable } from 'node:stream';

const ENDS_OF_WAITING = ['drain', 'error', 'close'];

/**
 * A writer that answers with a promise while the stream is behind. One that is
 * gone takes everything: for that the whole executor is cancelled.
 */
export function writerTo(
  stream: Writable,
): (chunk: string) => Promise<void> | undefined {
  // One for all that wait: as many listeners would be taken for a leak.
  let ready: Promise<void> | undefined;
  return (chunk) => {
    if (stream.write(chunk) || stream.destroyed) return undefined;
    ready ??= new Promise<void>((resolve) => {
      const done = () => {
        for (const event of ENDS_OF_WAITING) stream.off(event, done);
        ready = undefined;
        resolve();
      };
      for (const event of ENDS_OF_WAITING) stream.once(event, done);
    });
    return ready;
  };
}
