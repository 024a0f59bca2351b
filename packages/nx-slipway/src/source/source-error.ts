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

/** A path of the workspace, for people. */
export function shown(root: string, path: string): string {
  return relative(root, path).split(sep).join('/') || '.';
}
