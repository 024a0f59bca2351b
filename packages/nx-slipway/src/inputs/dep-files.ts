import type { Stats } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import { SlipwayError } from '../report';
import {
  YARN_CACHE,
  isNeverInput,
  rulesOfDep,
  type LeftOut,
} from './dep-rules';
import { GitIgnore } from './git-ignore';
import { ifThere } from './read-if-there';
import { reading } from './reading';
import { toPosix } from './to-posix';

export interface Dep {
  /** A file, a directory or a glob, absolute. */
  readonly path: string;
  /** Globs, absolute: what a named input of Nx takes out again. */
  readonly except?: readonly string[];
}

/** What a build reads, with every path absolute. */
export interface DepSelection {
  /** The workspace root: gitignore rules count from here down. */
  readonly root: string;
  /** Absolute. */
  readonly projectRoot: string;
  /**
   * Of the manifests that are deployed, which are no input of the image that
   * they deploy: globs relative to the project root, with `/`.
   */
  readonly manifests: readonly string[];
  readonly deps: readonly Dep[];
  /** dockerignore patterns, relative to each dep. */
  readonly ignore: readonly string[];
  /**
   * Whether a dep's own .dockerignore counts, as it does unless this is false:
   * what a compiler reads, Docker need not be given.
   */
  readonly usesDockerignore?: boolean;
  /** Absolute paths that are never inputs: our own outputs. */
  readonly outputs: readonly string[];
}

/** A folder that a dep names or looks into, and what of it is an input. */
interface Walk {
  /** The directory that ignore patterns are relative to. */
  readonly base: string;
  /** By a rule that a folder is left out by as a whole. */
  readonly leavesOut: (
    path: string,
    isDirectory: boolean,
  ) => LeftOut | undefined;
  /** By one that is for files alone; relative to the base, with `/`. */
  readonly leavesOutFile: (path: string) => LeftOut | undefined;
}

/**
 * The files (and links, which are not followed) that a build is declared to
 * read: absolute paths, sorted. A file or directory that is named outright
 * counts even if it is gitignored, so that `deps: ["dist"]` works; within
 * directories and globs gitignored files are left out.
 * @throws SLIPWAY_E_DEPS_MISSING if a dep without a glob does not exist,
 *   SLIPWAY_E_OPTION_INVALID if it is neither a file nor a folder, or an ignore
 *   pattern cannot be read, SLIPWAY_E_DEPS_UNREADABLE
 */
export async function depFiles(selection: DepSelection): Promise<string[]> {
  const shared = sharedBy(selection);
  const found = new Set<string>();
  for (const dep of selection.deps) {
    await reading(dep.path, () => findFiles(dep, selection, shared, found));
  }
  return [...found].sort();
}

/** What all deps of a selection have in common. */
export interface Shared {
  readonly git: GitIgnore;
  /** Absolute. */
  readonly outputs: ReadonlySet<string>;
}

export function sharedBy({ root, outputs }: DepSelection): Shared {
  return {
    git: new GitIgnore(root),
    outputs: new Set(outputs.map((path) => resolve(path))),
  };
}

async function findFiles(
  dep: Dep,
  selection: DepSelection,
  shared: Shared,
  found: Set<string>,
): Promise<void> {
  const { base, glob } = await splitGlob(selection.root, dep.path);
  const place = await resolveDep(base);
  if (!place) {
    if (glob) return;
    throw missingDep(dep.path, selection.root);
  }
  if (place.kind === 'other') throw noContent(dep.path, selection.root);
  if (place.link) found.add(place.link);
  if (place.kind === 'file') {
    found.add(place.path);
    return;
  }
  const folder = { ...dep, path: place.path };
  const walk = await walkOf(folder, selection, shared, glob);
  await walkDirectory(place.path, walk, found);
}

/** @param dep a folder */
export async function walkOf(
  dep: Dep,
  selection: DepSelection,
  { git, outputs }: Shared,
  glob?: string,
): Promise<Walk> {
  const { path: base } = dep;
  // Where the user named an ignored directory outright, git has no say.
  const isNamed = !glob && git.ignores(base, true);
  return {
    base,
    leavesOut(path, isDirectory) {
      if (outputs.has(path)) return 'output';
      if (isNeverInput(basename(path)) || path.endsWith(YARN_CACHE)) {
        return 'name';
      }
      const isIgnored = !isNamed && git.ignores(path, isDirectory);
      return isIgnored ? 'gitignore' : undefined;
    },
    leavesOutFile: await rulesOfDep(dep, selection, glob),
  };
}

interface Place {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'other';
  /** The dep itself, where it is a link: what it leads to is read instead. */
  readonly link?: string;
}

export async function resolveDep(dep: string): Promise<Place | undefined> {
  const stat = await ifThere(lstat(dep));
  if (!stat?.isSymbolicLink()) {
    return stat && { path: dep, kind: kindOf(stat) };
  }
  const path = await ifThere(realpath(dep));
  if (!path) return { path: dep, kind: 'file' };
  return { path, kind: kindOf(await lstat(path)), link: dep };
}

function kindOf(stat: Stats): Place['kind'] {
  if (stat.isDirectory()) return 'directory';
  return stat.isFile() ? 'file' : 'other';
}

async function walkDirectory(
  directory: string,
  walk: Walk,
  found: Set<string>,
): Promise<void> {
  // It may go away while we look: the second hash sees that.
  const entries = await ifThere(readdir(directory, { withFileTypes: true }));
  for (const entry of entries ?? []) {
    const path = join(directory, entry.name);
    const isDirectory = entry.isDirectory();
    if (walk.leavesOut(path, isDirectory)) continue;
    // A directory that ignore patterns name may hold a file that a later
    // pattern takes back (`!`), so only files are asked.
    if (isDirectory) await walkDirectory(path, walk, found);
    else if (
      isInput(entry) &&
      !walk.leavesOutFile(toPosix(relative(walk.base, path)))
    ) {
      found.add(path);
    }
  }
}

/** Sockets and devices have no content. */
function isInput(entry: { isFile(): boolean; isSymbolicLink(): boolean }) {
  return entry.isFile() || entry.isSymbolicLink();
}

/**
 * `/ws/app/src/**\/*.ts` is the directory `/ws/app/src` and a glob in it. What
 * exists under that very name is no glob: `pages/[id].ts`. Only the part below
 * the root is looked at, since a workspace may lie in `/home/me/work (copy)`.
 */
export async function splitGlob(
  root: string,
  dep: string,
): Promise<{ base: string; glob?: string }> {
  const scanned = picomatch.scan(toPosix(relative(root, dep)));
  if (!scanned.isGlob || (await ifThere(lstat(dep)))) return { base: dep };
  return { base: join(root, scanned.base), glob: scanned.glob };
}

function noContent(dep: string, root: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `deps names ${relative(root, dep)}, which is neither a file nor a folder.`,
    hint: 'A pipe, socket or device has no content that could decide what a build makes. Leave it out.',
  });
}

function missingDep(dep: string, root: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_DEPS_MISSING',
    message: `deps names ${relative(root, dep) || dep}, which does not exist.`,
    hint: 'Paths in deps are relative to the project root unless they start with {workspaceRoot}. If another target makes it, add that target to dependsOn.',
  });
}
