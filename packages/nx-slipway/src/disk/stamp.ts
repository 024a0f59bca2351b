import { statSync, type Stats } from 'node:fs';

/**
 * When a file or folder changed last, what size it has and which it is:
 * milliseconds, bytes, inode. The time is the one that no program can set.
 */
export type Stamp = readonly [changed: number, size: number, inode: number];

/** Disks tell times apart by as much as two seconds (FAT). */
const MOMENT_MS = 2_000;

/** @returns null if it has changed within a moment: it may again, and its time stay */
export function stampIn({ ctimeMs, size, ino }: Stats): Stamp | null {
  return ctimeMs > Date.now() - MOMENT_MS ? null : [ctimeMs, size, ino];
}

/** @returns null, too, for what is not there or cannot be seen */
export function stampOf(path: string): Stamp | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat ? stampIn(stat) : null;
  } catch {
    return null;
  }
}

export function isSameStamp(one: Stamp, other: Stamp | null): boolean {
  return one.every((part, index) => part === other?.[index]);
}
