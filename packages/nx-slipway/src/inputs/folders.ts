import { readdirSync, type Dirent } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * What lies in folders, each asked for once: of thousands of questions that a
 * graph has, most are about the same few names in one folder.
 */
export class Folders {
  private readonly known = new Map<string, ReadonlyMap<string, Dirent>>();

  /** @throws Error of the system for what is no folder, or not for us */
  entries(folder: string): ReadonlyMap<string, Dirent> {
    const known = this.known.get(folder);
    if (known) return known;
    const entries = new Map(
      readdirSync(folder, { withFileTypes: true }).map((entry) => [
        entry.name,
        entry,
      ]),
    );
    this.known.set(folder, entries);
    return entries;
  }

  /** @returns undefined if nothing is there, or nothing to be seen */
  entry(path: string): Dirent | undefined {
    try {
      return this.entries(dirname(path)).get(basename(path));
    } catch {
      return undefined;
    }
  }
}
