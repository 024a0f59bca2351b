import { statSync, type Stats } from 'node:fs';

/**
 * When a file or folder changed last, what size it has and which it is:
 * milliseconds, bytes, inode. The time is the one that no program can set.
 */
export type Stamp = readonly [changed: number, size: number, inode: number];

/** Disks tell times apart by as much as two seconds (FAT). */
const MOMENT_MS = 2_000;

/**
 * @returns undefined for what is not there or cannot be seen, and for what has
 *   changed within a moment: it may again, and its time stay
 */
export function stampOf(path: string): Stamp | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat && stampIn(stat);
  } catch {
    return undefined;
  }
}

/** The same, of what has been looked at just now. */
export function stampIn({ ctimeMs, size, ino }: Stats): Stamp | undefined {
  if (ctimeMs > Date.now() - MOMENT_MS) return undefined;
  return [ctimeMs, size, ino];
}

export function isSameStamp(one: Stamp, other: Stamp | undefined): boolean {
  return one.every((part, index) => part === other?.[index]);
}
