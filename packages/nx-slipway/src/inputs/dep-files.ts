import type { Stats } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, posix, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { SlipwayError } from '../report';
import { GitIgnore } from './git-ignore';
import { globMatcher } from './glob-matcher';
import { ignoreRules } from './ignore-rules';
import { ifThere, readIfThere } from './read-if-there';
import { reading } from './reading';

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

/**
 * Names of editors' scratch files, version control, Nx's own state and installed
 * packages: a build command may see them, but none decides what it builds.
 * What an image takes of `node_modules`, the lock file among its deps says.
 */
const NEVER_INPUTS = [
  '.git',
  '.nx',
  'node_modules',
  '.idea',
  '.DS_Store',
  '*.sw[op]',
  '*~',
  '.#*',
  '#*#',
  '4913',
  '*___jb_{tmp,old}___',
];

/** Packages, too, which Nx never looks at. */
export const YARN_CACHE = join('.yarn', 'cache');

interface Walk {
  /** The directory that ignore patterns are relative to. */
  readonly base: string;
  readonly keep: (path: string) => boolean;
  /** Absent where the user named an ignored directory outright. */
  readonly git?: GitIgnore;
  readonly outputs: ReadonlySet<string>;
  readonly found: Set<string>;
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
  const shared = {
    git: new GitIgnore(selection.root),
    outputs: new Set(selection.outputs.map((path) => resolve(path))),
    found: new Set<string>(),
  };
  for (const dep of selection.deps) {
    await reading(dep.path, () => findFiles(dep, selection, shared));
  }
  return [...shared.found].sort();
}

interface Shared {
  readonly git: GitIgnore;
  /** Absolute. */
  readonly outputs: ReadonlySet<string>;
  readonly found: Set<string>;
}

async function findFiles(
  dep: Dep,
  selection: DepSelection,
  { git, outputs, found }: Shared,
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
  const named = !glob && git.ignores(place.path, true);
  await walkDirectory(place.path, {
    base: place.path,
    keep: await keeper(selection, { ...dep, path: place.path }, glob),
    git: named ? undefined : git,
    outputs,
    found,
  });
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

async function walkDirectory(directory: string, walk: Walk): Promise<void> {
  // It may go away while we look: the second hash sees that.
  const entries = await ifThere(readdir(directory, { withFileTypes: true }));
  for (const entry of entries ?? []) {
    const path = join(directory, entry.name);
    if (walk.outputs.has(path) || isNeverInput(entry.name)) continue;
    if (path.endsWith(YARN_CACHE)) continue;
    const isDirectory = entry.isDirectory();
    if (walk.git?.ignores(path, isDirectory)) continue;
    // A directory that ignore patterns name may hold a file that a later
    // pattern takes back (`!`), so only files are asked.
    if (isDirectory) await walkDirectory(path, walk);
    else if (isInput(entry) && walk.keep(toPosix(relative(walk.base, path)))) {
      walk.found.add(path);
    }
  }
}

/** Sockets and devices have no content. */
function isInput(entry: { isFile(): boolean; isSymbolicLink(): boolean }) {
  return entry.isFile() || entry.isSymbolicLink();
}

export const isNeverInput = picomatch(NEVER_INPUTS, { dot: true });
/** Docker reads these even where .dockerignore keeps them out of the image. */
const isReadByDocker = picomatch(
  ['**/{Dockerfile,Dockerfile.*,*.Dockerfile}', '**/{,*}.dockerignore'],
  { dot: true },
);

/** Joins the option `ignore`, the dep's own .dockerignore, and the globs. */
async function keeper(
  selection: DepSelection,
  { path: base, except = [] }: Dep,
  glob?: string,
): Promise<(path: string) => boolean> {
  const { root, projectRoot, manifests, ignore } = selection;
  const file = join(base, '.dockerignore');
  const rules = ignoreRules(
    await dockerignoreIn(base, selection),
    relative(root, file),
  );
  const option = ignoreRules(ignore, 'ignore');
  const matches = glob ? picomatch(glob, { dot: true }) : () => true;
  const isExcept = globMatcher(
    except.map((pattern) => toPosix(relative(root, pattern))),
  );
  const fromRoot = toPosix(relative(root, base));
  const fromProject = toPosix(relative(projectRoot, base));
  const isManifest = manifestMatcher(manifests);
  const isAsked = asksForManifests({ base: fromProject, glob }, manifests);
  return (path) =>
    matches(path) &&
    !isExcept(posix.join(fromRoot, path)) &&
    (isAsked || !isManifest(posix.join(fromProject, path))) &&
    (isReadByDocker(path) || !rules.ignores(path)) &&
    !option.ignores(path);
}

/** The patterns of a dep's own .dockerignore. */
export async function dockerignoreIn(
  folder: string,
  { usesDockerignore = true }: DepSelection,
): Promise<string[]> {
  if (!usesDockerignore) return [];
  const text = await readIfThere(join(folder, '.dockerignore'));
  return text?.toString('utf8').split(/\r?\n/) ?? [];
}

/**
 * Who names YAML, or a folder where only manifests are, means it.
 * @param dep relative to the project root, as the globs are
 */
export function asksForManifests(
  dep: { readonly base: string; readonly glob?: string },
  manifests: readonly string[],
): boolean {
  const isManifest = manifestMatcher(manifests);
  const names = ['x.yaml', 'x.yml', 'x.json'];
  return (
    /ya?ml/.test(dep.glob ?? '') ||
    names.some((name) => isManifest(posix.join(dep.base, name)))
  );
}

const matchers = new Map<string, (path: string) => boolean>();

/** Of thousands of projects most have the same globs. */
function manifestMatcher(manifests: readonly string[]) {
  const key = manifests.join('\n');
  // As Nx has globs, whose exclusions these are, too.
  const known = matchers.get(key) ?? globMatcher(manifests);
  matchers.set(key, known);
  return known;
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

export function toPosix(path: string): string {
  return sep === posix.sep ? path : path.split(sep).join(posix.sep);
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
