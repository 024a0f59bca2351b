import { watch, type FSWatcher } from 'node:fs';

/** Rings when something changes in a folder. */
export interface FolderBell {
  /** Resolves at the next change, after `ms`, or when `signal` is aborted. */
  next(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Hears of changes by events where the system has any left to give; elsewhere
 * `next` resolves after its time.
 */
export function folderBell(folder: string): FolderBell {
  let hasRung = false;
  let wake: (() => void) | undefined;
  const watcher = tryToWatch(folder, () => {
    hasRung = true;
    wake?.();
  });
  return {
    next: (ms, signal) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          hasRung = false;
          wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, hasRung || signal.aborted ? 0 : ms);
        signal.addEventListener('abort', done);
        wake = done;
      }),
    close: () => watcher?.close(),
  };
}

function tryToWatch(folder: string, ring: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, ring);
    // The folder went away, or the system gave up: time alone rings then.
    return watcher.on('error', () => watcher.close());
  } catch (error) {
    // inotify has a limit per user (ENOSPC, EMFILE); the folder may be gone.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
