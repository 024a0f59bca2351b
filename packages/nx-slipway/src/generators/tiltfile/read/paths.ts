import { posix } from 'node:path';
import { type Bare, computed, path } from './build-values';

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
