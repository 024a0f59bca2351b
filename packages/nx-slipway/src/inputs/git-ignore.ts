import { dirname, join, posix, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readIfThere } from './read-if-there';

/**
 * Which files git ignores, from the .gitignore files between the workspace
 * root and the path; the ones deeper down win. Read in process, since Nx
 * hashes by the same files and never asks git.
 */
export class GitIgnore {
  private readonly rules = new Map<string, Promise<Ignore | undefined>>();
  private readonly ignoredDirectories = new Map<string, Promise<boolean>>();

  constructor(private readonly root: string) {}

  /** @param path absolute; what lies outside the root is never ignored */
  async ignores(path: string, isDirectory: boolean): Promise<boolean> {
    const fromRoot = relative(this.root, path);
    if (fromRoot === '' || /^\.\.(?:[/\\]|$)/.test(fromRoot)) return false;
    const parent = dirname(path);
    // What lies in an ignored directory cannot be taken back (gitignore(5)).
    if (await this.ignoresDirectory(parent)) return true;
    for (let folder = parent; ; folder = dirname(folder)) {
      const rules = await this.rulesOf(folder);
      if (rules) {
        const within = relative(folder, path).split(sep).join(posix.sep);
        const verdict = rules.test(isDirectory ? `${within}/` : within);
        if (verdict.ignored) return true;
        if (verdict.unignored) return false;
      }
      if (folder === this.root) return false;
    }
  }

  private ignoresDirectory(directory: string): Promise<boolean> {
    let known = this.ignoredDirectories.get(directory);
    if (!known) {
      known = this.ignores(directory, true);
      this.ignoredDirectories.set(directory, known);
    }
    return known;
  }

  private rulesOf(folder: string): Promise<Ignore | undefined> {
    let known = this.rules.get(folder);
    if (!known) {
      known = readIfThere(join(folder, '.gitignore')).then(
        // Like git on Linux, and like Nx everywhere: case counts.
        (text) =>
          text && ignore({ ignorecase: false }).add(text.toString('utf8')),
      );
      this.rules.set(folder, known);
    }
    return known;
  }
}
