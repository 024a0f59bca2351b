import { lstatSync, realpathSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import picomatch from 'picomatch';
import type { GitIgnore } from '../inputs';
import type { Area } from './areas';
import { optionPath, type Site } from './option-path';

/** The workspace on the disk, as far as deps are looked up there. */
export interface Disk {
  /** Absolute. */
  readonly root: string;
  /** The same with no link in it. */
  readonly realRoot: string;
  readonly git: GitIgnore;
}

export type Place = Pick<Area, 'base' | 'kind' | 'glob'>;

/** What a dep comes to for Nx. */
export interface ResolvedDep {
  readonly places: readonly Place[];
  /** A path below the root that git ignores: Nx sees it as a task's output alone. */
  readonly made?: string;
  /** Why Nx cannot hash it, after "deps names X, ". */
  readonly reason?: string;
}

/** No file there is ever hashed by Nx, whatever git says (run on 22.7 to 24.0). */
const NEVER_HASHED =
  /(?:^|\/)(?:node_modules|\.git|\.yarn\/cache)(?:\/|$)|^\.nx\//;

/** A file, folder or glob of the option `deps`, by the rules of inputs/dep-files. */
export function resolveDep(dep: string, site: Site, disk: Disk): ResolvedDep {
  const path = optionPath(dep, site);
  if (path === undefined) return unhashed('which is outside of the workspace');
  if (NEVER_HASHED.test(path)) return unhashed('where Nx hashes nothing');
  const { base, glob } = splitGlob(path, disk);
  const real = realPath(base, disk);
  if (real === undefined) {
    return unhashed('a link to outside of the workspace');
  }
  const kind = kindOf(join(disk.root, base));
  if (glob !== undefined) {
    const bases = [...new Set([base, real])];
    return {
      places: bases.map((each) => ({ base: each, kind: 'glob', glob })),
    };
  }
  if (base !== '' && isIgnored(base, kind, disk)) {
    return { places: [], made: base };
  }
  // A link itself counts as a file, and what it leads to is read.
  return real === base
    ? { places: [{ base, kind }] }
    : {
        places: [
          { base, kind: 'file' },
          { base: real, kind },
        ],
      };
}

function unhashed(reason: string): ResolvedDep {
  return { places: [], reason };
}

function splitGlob(
  path: string,
  { root }: Disk,
): { readonly base: string; readonly glob?: string } {
  const scanned = picomatch.scan(path);
  const isThere = () =>
    lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
  if (!scanned.isGlob || isThere()) return { base: path };
  return { base: scanned.base, glob: scanned.glob };
}

function kindOf(path: string): Area['kind'] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 'either';
  return stat.isDirectory() ? 'folder' : 'file';
}

/**
 * The path with no link in it, as Nx lists files; that very path if nothing is
 * there.
 * @returns undefined if it leads out of the workspace
 */
function realPath(path: string, { root, realRoot }: Disk): string | undefined {
  let real: string;
  try {
    real = realpathSync.native(join(root, path));
  } catch {
    // Nothing there yet, or a link to nothing: it is looked at when it is.
    return path;
  }
  const found = relative(realRoot, real).split(sep).join(posix.sep);
  return /^\.\.(?:\/|$)/.test(found) ? undefined : found;
}

function isIgnored(
  path: string,
  kind: Area['kind'],
  { root, git }: Disk,
): boolean {
  const isEither = kind === 'either';
  const at = join(root, path);
  return (
    ((isEither || kind === 'folder') && git.ignores(at, true)) ||
    ((isEither || kind === 'file') && git.ignores(at, false))
  );
}
