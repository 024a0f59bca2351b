import { posix } from 'node:path';
import { isAtOrBelow, pathMatcher } from '../../inputs';
import type { FileRule, LiveUpdate, Place, Sync } from '../types';

const matchers = new WeakMap<FileRule, (path: string) => boolean>();

/** @param path relative to the workspace root, with `/`, as all here */
export function matches(rule: FileRule, path: string): boolean {
  const matcher = matchers.get(rule) ?? pathMatcher(rule.path);
  matchers.set(rule, matcher);
  return matcher(path);
}

/** The sync that takes a file: the first of those that could, as in Tilt. */
export function syncOf(
  { syncs }: Pick<LiveUpdate, 'syncs'>,
  path: string,
): Sync | undefined {
  return syncs.find(({ from }) => isAtOrBelow(path, from.path));
}

/**
 * Where a file of a sync stands in a container (Tilt's path_mapping.go): what
 * lies in a folder stands as deep below `to`; a file that `from` names stands at
 * `to`, and below it if that ends with a slash.
 * @param path of a file that the sync takes
 */
export function placeOf({ from, to }: Sync, path: string): Place {
  if (path !== from.path) {
    const within = from.path === '' ? path : path.slice(from.path.length + 1);
    const below = withoutSlash(to);
    return { path: `${below === '/' ? '' : below}/${within}`, below };
  }
  const place = to.endsWith('/') ? posix.join(to, posix.basename(path)) : to;
  return { path: place, below: posix.dirname(place) };
}

/** A place, and the files of the workspace that would stand there. */
export interface Origin {
  readonly place: Place;
  readonly sources: readonly string[];
}

/**
 * The way back, for what is there no more. A file and a folder that follow each
 * other under one name may both be meant.
 * @param path in a container
 * @returns undefined if no sync brings anything there
 */
export function originOf(
  liveUpdate: Pick<LiveUpdate, 'syncs'>,
  path: string,
): Origin | undefined {
  const origins = liveUpdate.syncs.flatMap((sync) =>
    candidates(sync, path)
      .filter((source) => syncOf(liveUpdate, source) === sync)
      .map((source) => ({ source, place: placeOf(sync, source) }))
      .filter(({ place }) => place.path === path),
  );
  const [first] = origins;
  return (
    first && { place: first.place, sources: origins.map((one) => one.source) }
  );
}

function candidates({ from, to }: Sync, path: string): string[] {
  const below = withoutSlash(to);
  if (path === below || !isAtOrBelow(path, below === '/' ? '' : below)) {
    return path === below ? [from.path] : [];
  }
  const within = path.slice(below === '/' ? 1 : below.length + 1);
  return [from.path, posix.join(from.path, within)];
}

function withoutSlash(to: string): string {
  return to.endsWith('/') && to !== '/' ? to.slice(0, -1) : to;
}
