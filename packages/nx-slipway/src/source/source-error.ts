import { relative, sep } from 'node:path';
import { SlipwayError } from '../report';

export function sourceError(
  what: string,
  hint: string,
  cause?: unknown,
): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_SOURCE',
    message: `${what}.`,
    hint,
    cause,
  });
}

/** As globs and people write paths. */
export function toPosix(path: string): string {
  return path.split(sep).join('/');
}

/** A path of the workspace, for people. */
export function shown(root: string, path: string): string {
  return toPosix(relative(root, path)) || '.';
}
