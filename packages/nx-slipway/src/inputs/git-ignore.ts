import { dirname, join, posix, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isThere, textOf } from '../disk';
import { isNothingThere } from './read-if-there';

/** Nx looks at no file that one of them names, in whatever folder they lie. */
const RULES = ['.gitignore', '.ignore', '.nxignore'];
/** A clone's own rules. */
const EXCLUDE = join('.git', 'info', 'exclude');

/**
 * Which files git or Nx ignores, from the .gitignore, .ignore and .nxignore files
 * between the workspace root and the path; the ones deeper down win, and the
 * .gitignore files of a repository that the workspace is a folder of come last.
 * Read in process, since Nx hashes by the same files and never asks git.
 */
export class GitIgnore {
  private readonly rules = new Map<string, Ignore | undefined>();
  private readonly ignoredDirectories = new Map<string, boolean>();

  /** @param mayBeThere whether a path may be a file: an error costs more */
  constructor(
    private readonly root: string,
    private readonly mayBeThere: (path: string) => boolean = isThere,
  ) {}

  /** @param path absolute; what lies outside the root is never ignored */
  ignores(path: string, isDirectory: boolean): boolean {
    const fromRoot = relative(this.root, path).split(sep).join(posix.sep);
    if (/^\.\.(?:\/|$)/.test(fromRoot)) return false;
    return this.ignoresBelow(fromRoot, isDirectory);
  }

  /** @param path below the root, with `/`; empty is that itself */
  private ignoresBelow(path: string, isDirectory: boolean): boolean {
    if (path === '') return false;
    // What lies in an ignored directory cannot be taken back (gitignore(5)).
    if (this.ignoresDirectory(parentOf(path))) return true;
    for (let folder = parentOf(path); ; folder = parentOf(folder)) {
      const rules = this.rulesOf(folder);
      if (rules) {
        const within = folder === '' ? path : path.slice(folder.length + 1);
        const verdict = rules.test(isDirectory ? `${within}/` : within);
        if (verdict.ignored) return true;
        if (verdict.unignored) return false;
      }
      if (folder === '') return false;
    }
  }

  private ignoresDirectory(directory: string): boolean {
    const known = this.ignoredDirectories.get(directory);
    if (known !== undefined) return known;
    const ignored = this.ignoresBelow(directory, true);
    this.ignoredDirectories.set(directory, ignored);
    return ignored;
  }

  private rulesOf(folder: string): Ignore | undefined {
    if (this.rules.has(folder)) return this.rules.get(folder);
    const at = join(this.root, folder);
    const own = RULES.map((name) => join(at, name));
    // The later win.
    const paths =
      folder === '' ? [...rulesAbove(at), join(at, EXCLUDE), ...own] : own;
    const texts = paths
      .filter(this.mayBeThere)
      .flatMap((path) => textIn(path) ?? []);
    // Like git on Linux, and like Nx everywhere: case counts.
    const rules =
      texts.length > 0
        ? ignore({ ignorecase: false }).add(texts.join('\n'))
        : undefined;
    this.rules.set(folder, rules);
    return rules;
  }
}

/**
 * The .gitignore files above a workspace, up to the folder that holds .git; none
 * without one. Nx takes them as if they stood in the workspace root, where
 * `/dist` is that of the workspace, and has the topmost win; of .nxignore it
 * takes none from there (run on 23.2).
 */
function rulesAbove(root: string): string[] {
  const above: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    if (folder !== root) above.push(join(folder, '.gitignore'));
    if (isThere(join(folder, '.git'))) return above;
    if (folder === dirname(folder)) return [];
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function textIn(path: string): string | undefined {
  try {
    return textOf(path);
  } catch (error) {
    if (isNothingThere(error)) return undefined;
    throw error;
  }
}
