import { posix, relative, sep } from 'node:path';
import { isAtOrBelow, matchBase, type DepSelection } from '../../inputs';
import type { FileRule, LiveUpdate } from '../types';
import { invalid } from './invalid';

/**
 * What lies in no dep changes unseen: a step that names it would never do
 * anything. What an Nx target makes for a sync is watched by itself.
 * @param deps of the image, and of the images that it is built on, however far
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function assertTaken(
  { syncs, fallBackOn }: LiveUpdate,
  deps: readonly DepSelection[],
): void {
  const covered = [...new Set(deps.flatMap(pathsOf))];
  const needed = [
    ...syncs
      .filter(({ target }) => target === undefined)
      .map(({ from }) => ({ rule: from, name: 'sync.from' })),
    ...fallBackOn.map((rule) => ({ rule, name: 'fallBackOn' })),
  ];
  const stray = needed.find(({ rule }) => !isCovered(rule, covered));
  if (!stray) return;
  const shown = covered.map((path) => path || '.').join(', ');
  throw invalid(
    `${stray.name} of liveUpdate is "${stray.rule.written}" (${stray.rule.path || '.'}), which lies in none of the deps: ${shown || 'there are none'}`,
    'Add it to deps. If an Nx target makes it, name that target in the sync.',
  );
}

function pathsOf({ root, deps }: DepSelection): string[] {
  return deps.map(({ path }) =>
    relative(root, path).split(sep).join(posix.sep),
  );
}

function isCovered({ path }: FileRule, deps: readonly string[]): boolean {
  const base = matchBase(path);
  return deps.some(
    (dep) =>
      isAtOrBelow(path, dep) ||
      isAtOrBelow(base, matchBase(dep)) ||
      // A glob may mean what lies in a dep, whatever else it means.
      (base !== path && isAtOrBelow(matchBase(dep), base)),
  );
}
