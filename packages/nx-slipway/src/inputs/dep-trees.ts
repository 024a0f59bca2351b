import { basename, dirname, relative } from 'node:path';
import {
  resolveDep,
  splitGlob,
  type Dep,
  type DepSelection,
} from './dep-files';
import { YARN_CACHE, dockerignoreIn, isNeverInput } from './dep-rules';
import { GitIgnore } from './git-ignore';
import { ignoreRules, type IgnoreRules } from './ignore-rules';
import { toPosix } from './to-posix';

/** Where files of a selection are, or may come to be. */
export interface DepTree {
  /** Absolute: a folder, a file, or what is not there yet. */
  readonly path: string;
  /**
   * Whether a folder below it, absolute, holds no input, nor can: what comes
   * into one that an ignore file names is found when that file is read again.
   */
  readonly prunes: (folder: string) => boolean;
}

/** Whose change changes what is ignored. */
const IGNORE_FILES = ['.gitignore', '.ignore', '.nxignore', '.dockerignore'];

export function isIgnoreFile(path: string): boolean {
  return IGNORE_FILES.includes(basename(path));
}

/**
 * What must be watched to hear of every change of a selection.
 * @param files that `depFiles` has found of it just now: a folder that holds one
 *   of them is never pruned, whatever ignores it
 */
export async function depTrees(
  selection: DepSelection,
  files: readonly string[],
): Promise<DepTree[]> {
  const holding = foldersOf(files);
  const git = new GitIgnore(selection.root);
  const trees = await Promise.all(
    selection.deps.map((dep) => treesOf(dep, selection, { holding, git })),
  );
  return trees.flat();
}

interface Known {
  readonly holding: ReadonlySet<string>;
  readonly git: GitIgnore;
}

async function treesOf(
  dep: Dep,
  selection: DepSelection,
  { holding, git }: Known,
): Promise<DepTree[]> {
  const { root, outputs } = selection;
  const { base, glob } = await splitGlob(root, dep.path);
  const place = await resolveDep(base).catch(() => undefined);
  const path = place?.path ?? base;
  const named = !glob && isIgnored(git, path);
  const rules = await rulesOf(path, selection);
  const prunes = (folder: string) => {
    if (folder === path || holding.has(folder)) return false;
    if (isNeverInput(basename(folder)) || folder.endsWith(YARN_CACHE)) {
      return true;
    }
    if (outputs.includes(folder)) return true;
    if (!named && isIgnored(git, folder)) return true;
    const within = toPosix(relative(path, folder));
    return rules.some((each) => each.ignores(within));
  };
  const tree = { path, prunes };
  // The link is an input itself: it may lead elsewhere.
  return place?.link ? [{ path: place.link, prunes }, tree] : [tree];
}

/** Of rules that cannot be read whoever hashes tells. */
function isIgnored(git: GitIgnore, folder: string): boolean {
  try {
    return git.ignores(folder, true);
  } catch {
    return false;
  }
}

/** With a pattern that takes back (`!`), a folder may hold what is not ignored. */
async function rulesOf(
  folder: string,
  selection: DepSelection,
): Promise<IgnoreRules[]> {
  const own = await dockerignoreIn(folder, selection).catch(() => []);
  return [selection.ignore, own]
    .filter((patterns) => !patterns.some((line) => line.startsWith('!')))
    .flatMap((patterns) => {
      try {
        return [ignoreRules(patterns, 'ignore')];
      } catch {
        // Whoever hashes tells of it.
        return [];
      }
    });
}

function foldersOf(files: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const file of files) {
    let folder = dirname(file);
    while (!folders.has(folder)) {
      folders.add(folder);
      folder = dirname(folder);
    }
  }
  return folders;
}
