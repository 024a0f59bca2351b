import type { Clock } from '../build';

/** So many milliseconds, or until it is aborted. */
export function pauseUntil(
  ms: number,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      forget();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const forget = clock.after(ms, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
