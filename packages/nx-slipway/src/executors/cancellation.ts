const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work` with a signal that is aborted when Nx or the user wants this
 * process to end: by a signal, or because Nx itself is gone and its channel
 * closes.
 */
export async function withCancellation<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  for (const name of SIGNALS) process.on(name, cancel);
  process.once('disconnect', cancel);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, cancel);
    process.off('disconnect', cancel);
  }
}
