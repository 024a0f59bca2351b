import { posix } from 'node:path';
import { type Bare, computed, path } from './build-values';
import type { Value } from './types';

export const OWN_FOLDER =
  'it holds the path of a folder, which every machine has its own of';

/** From the workspace root, which is ''. */
export function normalPath(written: string): string {
  const at = posix.normalize(`./${written}`).replace(/\/$/, '');
  return at === '.' ? '' : at;
}

/** The path of a folder with a text behind it. */
export function below(folder: string, rest: string): Bare {
  const isBelow = rest === '' || rest.startsWith('/');
  return isBelow ? path(normalPath(folder + rest)) : computed(OWN_FOLDER);
}

/** A file from the workspace root, or why it is none that can be read. */
export function fileOf(
  at: Value | undefined,
  dir: string,
): string | { why: string } {
  if (at?.kind === 'computed') return { why: at.why };
  if (at?.kind !== 'string' && at?.kind !== 'path') {
    return { why: 'which file it is, is known in a run only' };
  }
  const isHere = at.kind === 'string';
  if (isHere && posix.isAbsolute(at.value)) {
    return { why: `${at.value} is outside the workspace` };
  }
  const file = isHere ? normalPath(posix.join(dir, at.value)) : at.path;
  return file === '..' || file.startsWith('../')
    ? { why: `${file} is outside the workspace` }
    : file;
}
