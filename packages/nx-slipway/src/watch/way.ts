import { readlinkSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, relative, sep } from 'node:path';
import { ownStatOf, unlessRefused } from './system-error';

/** What leads to a path, link by link; all paths in it are free of links. */
export type Way = {
  /** Each name that was looked up, in order; the last may be missing. */
  readonly steps: readonly Step[];
} & (
  | { readonly end: 'folder' | 'file'; readonly real: string }
  | { readonly end: 'nothing'; readonly real?: undefined }
);

export interface Step {
  readonly folder: string;
  /** `folder` and the name in it. */
  readonly path: string;
  readonly isLink: boolean;
}

/** Where ways begin: folders above it are taken to stay where they are. */
export interface Root {
  /** As it is named. */
  readonly path: string;
  /** With no link in it. */
  readonly real: string;
}

/** Of none, or of one that is not there: every way begins at the top. */
export function rootOf(path: string = sep): Root {
  const real = unlessRefused(() => realpathSync(path));
  return real === undefined ? { path: sep, real: sep } : { path, real };
}

/** As many as Linux follows: path_resolution(7). */
const MOST_LINKS = 40;

/**
 * Follows a path as the system does, and tells where somebody could make it
 * lead elsewhere: in each of the folders on the way.
 * Paths that are not below the root begin at that of the file system.
 */
export function wayTo(path: string, root: Root): Way {
  const steps: Step[] = [];
  let { folder, names } = beginning(path, root);
  let end: 'folder' | 'file' = 'folder';
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === '..') {
      folder = dirname(folder);
      continue;
    }
    const step = join(folder, name);
    const stat = ownStatOf(step);
    const isLink = stat?.isSymbolicLink() ?? false;
    steps.push({ folder, path: step, isLink });
    if (isLink && ++links <= MOST_LINKS) {
      const target = unlessRefused(() => readlinkSync(step));
      if (target === undefined) return { steps, end: 'nothing' };
      const rest = names;
      ({ folder, names } = isAbsolute(target)
        ? beginning(target, root)
        : { folder, names: namesIn(target) });
      names.push(...rest);
    } else if (stat?.isDirectory()) {
      folder = step;
    } else if (!stat || isLink || names.length > 0) {
      return { steps, end: 'nothing' };
    } else {
      folder = step;
      end = 'file';
    }
  }
  return { steps, end, real: folder };
}

/** Whether a path is a folder, or something below it. */
export function isWithin(path: string, folder: string): boolean {
  if (!path.startsWith(folder)) return false;
  return (
    path.length === folder.length ||
    folder.endsWith(sep) ||
    path[folder.length] === sep
  );
}

export function isSameWay(one: Way, other: Way): boolean {
  return (
    one.end === other.end &&
    one.real === other.real &&
    one.steps.length === other.steps.length &&
    one.steps.every(({ path }, index) => path === other.steps[index]?.path)
  );
}

function beginning(path: string, root: Root) {
  for (const from of [root.path, root.real]) {
    if (!isWithin(path, from)) continue;
    return { folder: root.real, names: namesIn(relative(from, path)) };
  }
  const { root: top } = parse(path);
  return { folder: top, names: namesIn(path.slice(top.length)) };
}

function namesIn(path: string): string[] {
  return path.split(sep).filter((name) => name !== '' && name !== '.');
}
