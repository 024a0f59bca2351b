import type { Workspace } from './types';

/** Notes on what is named and is not there: a slip, or what a build makes first. */
export const absentOf = (
  paths: readonly string[],
  { exists }: Pick<Workspace, 'exists'>,
): string[] =>
  paths
    .filter((path) => path !== '' && !/[*?[{]/.test(path) && !exists(path))
    .map((path) => `\`${path}\` is not there now`);
