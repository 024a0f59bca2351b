import { formatDuration, type Reporter } from '../report';

/** Milliseconds before it is said for the first time. */
const FIRST_MS = 2000;

/**
 * Says that something is still being done: after 2 s, and each time it has
 * taken twice as long.
 * @returns what ends it
 */
export function startBeat(doing: string, reporter: Reporter): () => void {
  let wait = FIRST_MS;
  let total = 0;
  let timer: NodeJS.Timeout;
  const arm = () => {
    timer = setTimeout(() => {
      total += wait;
      reporter.info(`still ${doing}, for ${formatDuration(total)}`);
      wait = total;
      arm();
    }, wait);
    timer.unref();
  };
  arm();
  return () => clearTimeout(timer);
}
