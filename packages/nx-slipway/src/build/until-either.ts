/**
 * Does work with a signal that is aborted with either of two. AbortSignal.any
 * would hold on to one that lives as long as the process (Node 20).
 */
export async function untilEither<T>(
  one: AbortSignal,
  other: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!other) return work(one);
  const either = new AbortController();
  const abort = () => either.abort();
  const signals = [one, other];
  for (const signal of signals) {
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  }
  try {
    return await work(either.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}
