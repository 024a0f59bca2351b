import { dirname, resolve } from 'node:path';
import { linkAt, ownEntryAt, realPathOf } from '../disk';
import { statOf } from './walk';

/**
 * What a link stands for, however many links it takes; the folders on the way
 * to it stay as written. A link that leads nowhere stands for itself.
 */
export function unlinked(path: string): string {
  // The system sees nothing at the end of too many links, or of a ring of them.
  if (!statOf(path)) return path;
  let at = path;
  for (let next = targetOf(at); next !== undefined; next = targetOf(at)) {
    at = next;
  }
  return at;
}

/** A path without any link in it, where the system tells. */
export function realOf(path: string): string {
  try {
    return realPathOf(path);
  } catch {
    return path;
  }
}

function targetOf(path: string): string | undefined {
  try {
    if (!ownEntryAt(path)?.isSymbolicLink()) return undefined;
    return resolve(dirname(path), linkAt(path));
  } catch {
    return undefined;
  }
}
