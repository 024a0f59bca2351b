import { watch } from 'node:fs';

/** What the system tells of a name in a folder; of no name: of anything. */
export type Tell = (type: 'rename' | 'change', name: string | null) => void;

export interface Opened {
  /** Whether it tells of all below the folder, too. */
  readonly isRecursive: boolean;
  close(): void;
}

export interface Listener {
  readonly tell: Tell;
  /** It tells of nothing any more. */
  readonly fail: () => void;
}

/** @throws Error of the system, right away or by `fail` */
export type OpenFolder = (
  folder: string,
  isRecursive: boolean,
  listener: Listener,
) => Opened;

/** One watch of the system. Files in it get none of their own. */
export const openFolder: OpenFolder = (folder, isRecursive, listener) => {
  const watcher = watch(folder, { recursive: isRecursive }, listener.tell);
  // Windows says so when the folder is removed.
  watcher.on('error', listener.fail);
  return { isRecursive, close: () => watcher.close() };
};
