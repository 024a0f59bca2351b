import { setMaxListeners } from 'node:events';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A second Ctrl-C counts from so many milliseconds after the first. Before
 * that it is the same one: the terminal sends it to all of its processes, and
 * npm, npx and Nx pass on theirs.
 */
const SAME_PRESS_MS = 500;

/**
 * Runs `work` with a signal that is aborted when Nx or the user wants this
 * process to end: by a signal, because Nx itself is gone and its channel
 * closes, or because nobody reads our output any more. The other one, `kill`,
 * is aborted by a second Ctrl-C, when the user has no patience left.
 */
export async function withCancellation<T>(
  work: (signal: AbortSignal, kill: AbortSignal) => Promise<T>,
): Promise<T> {
  const cancel = new AbortController();
  const kill = new AbortController();
  // A deploy has more requests on their way than the ten at which Node warns.
  setMaxListeners(0, cancel.signal, kill.signal);
  const onSignal = () => cancel.abort();
  const isAgain = pressAgain();
  const onInterrupt = () => {
    if (isAgain(performance.now())) kill.abort();
  };
  const outputs = [process.stdout, process.stderr];
  for (const name of SIGNALS) process.on(name, onSignal);
  process.on('SIGINT', onInterrupt);
  process.on('disconnect', onSignal);
  // EPIPE and EIO. Without a listener they would end this process on the spot.
  for (const output of outputs) output.on('error', onSignal);
  // Nx was gone before we listened. Without a channel this is undefined.
  if (process.connected === false) onSignal();
  try {
    return await work(cancel.signal, kill.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
    process.off('SIGINT', onInterrupt);
    process.off('disconnect', onSignal);
    for (const output of outputs) output.off('error', onSignal);
  }
}

/** Whether a SIGINT, at that many milliseconds, is a press after the first. */
export function pressAgain(): (now: number) => boolean {
  let first: number | undefined;
  return (now) => {
    first ??= now;
    return now - first >= SAME_PRESS_MS;
  };
}
