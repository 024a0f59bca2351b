import { join, sep } from 'node:path';
import picomatch from 'picomatch';
import { entriesOf, entryAt, type Entry, type NamedEntry } from '../disk';
import { reachOf } from './glob-reach';
import { sourceError } from './source-error';

/** Nobody keeps manifests there. */
export const NEVER: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.nx',
]);

/** All that lies in a folder, `.helmignore` too. */
export const EVERYTHING = '**';
/** All that lies in it itself. */
export const BESIDE = '{,.}*';
/** What kubectl takes of a folder. */
export const MANIFEST_FILES = '**/*.{yaml,yml,json}';

/** Hears of a folder that cannot be read; it is left out, unless this throws. */
export type Unreadable = (folder: string, error: unknown) => void;

/** @throws SLIPWAY_E_SOURCE */
export const refuse: Unreadable = (folder, error) => {
  throw sourceError(
    `${folder} cannot be looked through for manifests: ${(error as Error).message}`,
    'Make it readable, or write a "source" that does not lead there.',
    error,
  );
};

export const leaveOut: Unreadable = () => undefined;

/**
 * What a path of an option stands for, absolute: a file, those of a folder, or
 * those that a glob matches. What exists under that very name is no glob:
 * `pages/[id].yaml`, `/home/me/work (copy)`.
 * @param path absolute
 * @param within which files of a folder count: a glob
 */
export function* filesOf(
  path: string,
  within: string,
  unreadable: Unreadable,
): Generator<string> {
  const { base, rest } = existing(path);
  if (rest.length > 0) {
    const glob = rest.join('/');
    const scanned = picomatch.scan(glob);
    // A name before the first glob would be there.
    const isGlob = scanned.isGlob && scanned.base === '';
    if (isGlob && isFolder(base)) yield* filesMatching(base, glob, unreadable);
  } else if (isFolder(base)) {
    yield* filesMatching(base, within, unreadable);
  } else {
    yield base;
  }
}

/**
 * The files below a folder that a glob matches, absolute, the nearest first.
 * Links to folders are not followed.
 * @param glob relative to `base`, with `/`
 * @param nameFor as what name a file is looked at
 */
export function* filesMatching(
  base: string,
  glob: string | readonly string[],
  unreadable: Unreadable,
  nameFor = (path: string) => path,
): Generator<string> {
  const { matches, mayHold } = compiled([glob].flat());
  for (const [file, path] of walk(base, mayHold, unreadable)) {
    if (matches(nameFor(path))) yield file;
  }
}

interface Globs {
  readonly matches: (path: string) => boolean;
  readonly mayHold: (names: readonly string[]) => boolean;
}

/** Of thousands of projects most have the same globs. */
const known = new Map<string, Globs>();

export function compiled(globs: readonly string[]): Globs {
  const key = globs.join('\n');
  const there = known.get(key);
  if (there) return there;
  const each = globs.flatMap((glob) => compiledOne(glob) ?? []);
  const made: Globs = {
    matches: (path) => each.some(({ matches }) => matches(path)),
    mayHold: (names) => each.some(({ mayHold }) => mayHold(names)),
  };
  known.set(key, made);
  return made;
}

/** @returns undefined for what picomatch refuses: no glob, or one that is too long */
function compiledOne(glob: string): Globs | undefined {
  try {
    return {
      matches: picomatch(glob, { dot: glob === EVERYTHING }),
      mayHold: reachOf([glob]),
    };
  } catch {
    return undefined;
  }
}

export function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

/** Whatever it is, or `undefined` where there is nothing to be seen. */
export function statOf(path: string): Entry | undefined {
  try {
    return entryAt(path);
  } catch {
    return undefined;
  }
}

/** The part of a path that is there, and the names below it that are not. */
export function existing(path: string) {
  const names = path.split(sep);
  const rest: string[] = [];
  while (names.length > 1 && !statOf(names.join(sep) || sep)) {
    rest.unshift(names.pop() ?? '');
  }
  return { base: names.join(sep) || sep, rest };
}

/** Absolute, and below the root by its names, with `/`. */
export function* walk(
  root: string,
  mayHold: Globs['mayHold'],
  unreadable: Unreadable,
  list: ListFolder = entriesOf,
): Generator<readonly [file: string, path: string]> {
  const folders: { readonly path: string; readonly names: string[] }[] = [
    { path: root, names: [] },
  ];
  for (const { path: folder, names } of folders) {
    for (const entry of sorted(folder, unreadable, list)) {
      const path = join(folder, entry.name);
      const below = [...names, entry.name];
      if (entry.isDirectory()) {
        const isLookedInto = !NEVER.has(entry.name) && mayHold(below);
        if (isLookedInto) folders.push({ path, names: below });
      } else if (entry.isFile() || entry.isSymbolicLink()) {
        yield [path, below.join('/')];
      }
    }
  }
}

/** What lies in a folder, in any order. @throws Error of the system */
export type ListFolder = (folder: string) => Iterable<NamedEntry>;

/** By name: who takes only the first files takes the same on every machine. */
function sorted(
  folder: string,
  unreadable: Unreadable,
  list: ListFolder,
): NamedEntry[] {
  try {
    return [...list(folder)].sort((one, other) =>
      one.name < other.name ? -1 : 1,
    );
  } catch (error) {
    unreadable(folder, error);
    return [];
  }
}
