import { join, posix, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { entryAt, linkAt, ownEntryAt, realPathOf, type Entry } from '../disk';
import type { Folders, GitIgnore } from '../inputs';
import { joined, type Area } from './areas';
import { optionPath, type Site } from './option-path';

/** The workspace on the disk, as far as deps are looked up there. */
export interface Disk {
  /** Absolute. */
  readonly root: string;
  /** The same with no link in it. */
  readonly realRoot: string;
  /** Folders below the root that were looked at, each as its real one. */
  readonly real: Map<string, string | undefined>;
  readonly git: GitIgnore;
  readonly folders: Folders;
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
  try {
    return resolvePath(path, disk);
  } catch (error) {
    // Links that lead to themselves, names that are too long or no names.
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return unhashed(`which cannot be looked at (${code})`);
  }
}

function resolvePath(path: string, disk: Disk): ResolvedDep {
  const { base, glob } = splitGlob(path, disk);
  const { kind, real } = lookAt(base, disk);
  if (real === undefined) {
    return unhashed('a link to outside of the workspace');
  }
  if (NEVER_HASHED.test(path) || NEVER_HASHED.test(real)) {
    return unhashed('where Nx hashes nothing');
  }
  // A link itself counts as a file, and what it leads to is read.
  const link: Place[] = real === base ? [] : [{ base, kind: 'file' }];
  if (glob !== undefined) {
    return { places: [...link, { base: real, kind: 'glob', glob }] };
  }
  if (real !== '' && isIgnored(real, kind, disk)) {
    return { places: link, made: real };
  }
  return { places: [...link, { base: real, kind }] };
}

function unhashed(reason: string): ResolvedDep {
  return { places: [], reason };
}

function splitGlob(
  path: string,
  { root }: Disk,
): { readonly base: string; readonly glob?: string } {
  const scanned = picomatch.scan(path);
  const isThere = () => ownEntryAt(join(root, path)) !== undefined;
  if (!scanned.isGlob || isThere()) return { base: path };
  return { base: scanned.base, glob: scanned.glob };
}

interface Looked {
  readonly kind: Area['kind'];
  /**
   * The path with no link in it, as Nx lists files. Undefined if it leads out
   * of the workspace.
   */
  readonly real: string | undefined;
}

/** Most are a name in the project's own folder, which is listed anyway. */
function lookAt(path: string, disk: Disk): Looked {
  const at = join(disk.root, path);
  const entry: Entry | undefined = disk.folders.entry(at) ?? ownEntryAt(at);
  if (!entry) return { kind: 'either', real: realPathOfNothing(path, disk) };
  if (entry.isSymbolicLink()) {
    const kind = kindOf(entryAt(at));
    return { kind, real: realPath(path, disk) };
  }
  const folder = realFolder(parentOf(path), disk);
  const name = posix.basename(path);
  const real = folder === undefined ? undefined : joined(folder, name);
  return { kind: kindOf(entry), real };
}

function kindOf(entry: Entry | undefined): Area['kind'] {
  if (!entry) return 'either';
  return entry.isDirectory() ? 'folder' : 'file';
}

function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === '.' ? '' : parent;
}

function realFolder(path: string, disk: Disk): string | undefined {
  if (path === '') return '';
  if (disk.real.has(path)) return disk.real.get(path);
  // Links to nothing may lead to each other.
  disk.real.set(path, undefined);
  const isLink = disk.folders.entry(join(disk.root, path))?.isSymbolicLink();
  const above = realFolder(parentOf(path), disk);
  const isPlain = isLink === false && above !== undefined;
  const real = isPlain
    ? joined(above, posix.basename(path))
    : realPath(path, disk);
  disk.real.set(path, real);
  return real;
}

function realPath(path: string, disk: Disk): string | undefined {
  try {
    return belowRoot(realPathOf(join(disk.root, path)), disk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return realPathOfNothing(path, disk);
  }
}

/**
 * Where something will be: a link may lead to the output of a task that has not
 * run yet, as in a fresh clone.
 */
function realPathOfNothing(path: string, disk: Disk): string | undefined {
  const folder = realFolder(parentOf(path), disk);
  if (folder === undefined) return undefined;
  const at = join(disk.root, path);
  if (!disk.folders.entry(at)?.isSymbolicLink()) {
    return joined(folder, posix.basename(path));
  }
  const to = belowRoot(resolve(disk.realRoot, folder, linkAt(at)), disk);
  return to === undefined ? undefined : realFolder(to, disk);
}

/** @param real absolute, with no link in it */
function belowRoot(real: string, { realRoot }: Disk): string | undefined {
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
