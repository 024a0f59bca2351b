import { basename, dirname } from 'node:path';
import { entriesOf, type NamedEntry } from '../disk';

/**
 * What lies in folders, each asked for once: of thousands of questions that a
 * graph has, most are about the same few names in one folder.
 */
export class Folders {
  private readonly known = new Map<string, ReadonlyMap<string, NamedEntry>>();

  /** @throws Error of the system for what is no folder, or not for us */
  entries(folder: string): ReadonlyMap<string, NamedEntry> {
    const known = this.known.get(folder);
    if (known) return known;
    const entries = new Map(
      entriesOf(folder).map((entry) => [entry.name, entry]),
    );
    this.known.set(folder, entries);
    return entries;
  }

  /** @returns undefined if nothing is there, or nothing to be seen */
  entry(path: string): NamedEntry | undefined {
    try {
      return this.entries(dirname(path)).get(basename(path));
    } catch {
      return undefined;
    }
  }
}
