import { posix } from 'node:path';
import type { Batch, Place } from '../types';

/**
 * Makes sure, before anything is sent, that all of it stands below its sync's
 * target and comes from the workspace: what plans it makes no others.
 */
export function assertPlaces({ deletes, writes }: Batch): void {
  for (const place of [...deletes, ...writes]) {
    const { path, below } = place;
    const isBelow = path.startsWith(`${rootless(below)}/`);
    if (!isPlain(path) || !isBelow || below !== posix.normalize(below)) {
      throw new Error(`${path} is no place below ${below}.`);
    }
  }
  for (const { source } of writes) {
    if (!isPlain(`/${source}`)) throw new Error(`${source} is no source.`);
  }
}

function isPlain(path: string): boolean {
  return (
    path === posix.normalize(path) &&
    !path.endsWith('/') &&
    !/\0/.test(path) &&
    path.startsWith('/')
  );
}

/** As the receiver has folders: the root is the empty text. */
export function rootless(folder: string): string {
  return folder === '/' ? '' : folder;
}

export function folderOf({ path }: Pick<Place, 'path'>): string {
  return path.slice(0, path.lastIndexOf('/'));
}

export function nameOf({ path }: Pick<Place, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Those from below `below` down to it, the upper ones first. */
export function foldersDownTo(folder: string, below: string): string[] {
  const base = rootless(below);
  const names = folder.slice(base.length).split('/').slice(1);
  return names.map((_, index) =>
    [base, ...names.slice(0, index + 1)].join('/'),
  );
}

/** Those of a sync together, and of them those of a folder. */
export function byFolder(a: Place, b: Place): number {
  return (
    compare(a.below, b.below) ||
    compare(folderOf(a), folderOf(b)) ||
    compare(a.path, b.path)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
