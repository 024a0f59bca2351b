import { posix, sep } from 'node:path';

/** With `/`, whatever separates folders here. */
export function toPosix(path: string): string {
  return sep === posix.sep ? path : path.split(sep).join(posix.sep);
}
