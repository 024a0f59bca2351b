import { lstat, readdir, readlink } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import dockerignore from '@balena/dockerignore';
import picomatch from 'picomatch';
import { SlipwayError } from '../report';
import { GitIgnore } from './git-ignore';
import { readIfThere } from './read-if-there';

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
  readonly deps: readonly Dep[];
  /** dockerignore patterns, relative to each dep. */
  readonly ignore: readonly string[];
  /** Absolute paths that are never inputs: our own outputs. */
  readonly outputs: readonly string[];
}

/**
 * Editors' scratch files, version control, Nx's own state and installed
 * packages: a build command may see them, but none decides what it builds.
 * `node_modules` is covered by the lock file.
 */
const NEVER_INPUTS = [
  '**/.git',
  '**/.nx',
  '**/node_modules',
  '**/.DS_Store',
  '**/*.swp',
  '**/*.swo',
  '**/*~',
  '**/.#*',
  '**/#*#',
  '**/4913',
  '**/.idea',
  '**/*___jb_tmp___',
  '**/*___jb_old___',
];

/**
 * The manifests we deploy are no input of the image that they deploy: the
 * default of the plugin's `manifests` option (design 2.11).
 */
const MANIFESTS = '{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}';

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
 * @throws SLIPWAY_E_DEPS_MISSING if a dep without a glob does not exist
 */
export async function depFiles(selection: DepSelection): Promise<string[]> {
  const git = new GitIgnore(selection.root);
  const outputs = new Set(selection.outputs.map((path) => resolve(path)));
  const found = new Set<string>();
  for (const dep of selection.deps) {
    const { base, glob } = splitGlob(dep.path);
    const stat = await lstatIfThere(base);
    if (!stat) {
      if (glob) continue;
      throw missingDep(dep.path, selection.root);
    }
    if (!stat.isDirectory()) {
      found.add(base);
      if (stat.isSymbolicLink())
        await walkLinkedDep(base, selection, outputs, found);
      continue;
    }
    const named = !glob && (await git.ignores(base, true));
    await walkDirectory(base, {
      base,
      keep: await keeper(base, selection.ignore, glob, dep.except),
      git: named ? undefined : git,
      outputs,
      found,
    });
  }
  return [...found].sort();
}

/** A dep that is a link itself: what it leads to is read by the build. */
async function walkLinkedDep(
  link: string,
  { ignore }: DepSelection,
  outputs: ReadonlySet<string>,
  found: Set<string>,
): Promise<void> {
  const target = resolve(dirname(link), await readlink(link));
  const stat = await lstatIfThere(target);
  if (!stat?.isDirectory()) {
    if (stat) found.add(target);
    return;
  }
  const keep = await keeper(target, ignore);
  await walkDirectory(target, { base: target, keep, outputs, found });
}

async function walkDirectory(directory: string, walk: Walk): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (walk.outputs.has(path) || isNeverInput(entry.name)) continue;
    const isDirectory = entry.isDirectory();
    if (await walk.git?.ignores(path, isDirectory)) continue;
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

const isNeverInput = picomatch(
  NEVER_INPUTS.map((pattern) => pattern.replace('**/', '')),
  { dot: true },
);
const isManifest = picomatch(MANIFESTS);
/** Docker reads these even where .dockerignore keeps them out of the image. */
const isReadByDocker = picomatch(
  ['**/{Dockerfile,Dockerfile.*,*.Dockerfile}', '**/{,*}.dockerignore'],
  { dot: true },
);

/** Joins the option `ignore`, the dep's own .dockerignore, and the glob. */
async function keeper(
  base: string,
  ignore: readonly string[],
  glob?: string,
  except: readonly string[] = [],
): Promise<(path: string) => boolean> {
  const rules = dockerignore({ ignorecase: false });
  const own = await readIfThere(join(base, '.dockerignore'));
  if (own !== undefined) rules.add(own.toString('utf8'));
  const option = dockerignore({ ignorecase: false }).add([...ignore]);
  const matches = glob ? picomatch(glob, { dot: true }) : () => true;
  const isExcept = picomatch([...except], { dot: true });
  return (path) =>
    matches(path) &&
    !isExcept(posix.join(toPosix(base), path)) &&
    !isManifest(path) &&
    (isReadByDocker(path) || !rules.ignores(path)) &&
    !option.ignores(path);
}

/** `/ws/app/src/**\/*.ts` is the directory `/ws/app/src` and a glob in it. */
function splitGlob(dep: string): { base: string; glob?: string } {
  const { base, glob, isGlob } = picomatch.scan(toPosix(dep));
  if (!isGlob) return { base: dep };
  return { base: base === '' ? posix.sep : base, glob };
}

function toPosix(path: string): string {
  return sep === posix.sep ? path : path.split(sep).join(posix.sep);
}

async function lstatIfThere(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function missingDep(dep: string, root: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_DEPS_MISSING',
    message: `deps names ${relative(root, dep) || dep}, which does not exist.`,
    hint: 'Paths in deps are relative to the project root unless they start with {workspaceRoot}. If another target makes it, add that target to dependsOn.',
  });
}
