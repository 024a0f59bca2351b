import { basename, dirname, join } from 'node:path';
import type { Opened } from './open-folder';

/** A folder that is watched, or would be if it could be read. */
export interface Folder {
  readonly path: string;
  opened?: Opened;
  /** Whether it was to tell of all below it, too. */
  isRecursive: boolean;
  /** The last walk that opened it, that came by, and that wanted all in it. */
  openedIn: number;
  passedIn: number;
  contentIn: number;
  /** The names of folders in it, and whether they are wanted as content. */
  readonly inner: Map<string, boolean>;
}

/** Whether all in a folder is wanted; else ways only lead through it. */
export function isContent(folder: Folder): boolean {
  return folder.contentIn > 0;
}

/** All folders that are watched, by their paths without links. */
export class Folders {
  private readonly byPath = new Map<string, Folder>();

  get(path: string): Folder | undefined {
    return this.byPath.get(path);
  }

  /** @returns that folder, which may have to be opened yet */
  enter(path: string): Folder {
    const known = this.byPath.get(path);
    if (known) return known;
    const above = this.byPath.get(dirname(path));
    const name = basename(path);
    if (above && !above.inner.has(name)) above.inner.set(name, false);
    const folder: Folder = {
      ...{ path, isRecursive: false, inner: new Map() },
      ...{ openedIn: 0, passedIn: 0, contentIn: 0 },
    };
    this.byPath.set(path, folder);
    return folder;
  }

  /** Lets go of a folder with all below it. */
  leave(path: string): void {
    const folder = this.byPath.get(path);
    if (!folder) return;
    this.drop(folder);
    for (const name of folder.inner.keys()) this.leave(join(path, name));
  }

  /** Lets go of what a walk did not come by, and of what it did not want. */
  keepOf(walk: number): void {
    for (const folder of this.byPath.values()) {
      if (folder.passedIn !== walk) this.drop(folder);
      else if (folder.contentIn !== walk) folder.contentIn = 0;
    }
  }

  close(): void {
    for (const folder of this.byPath.values()) this.drop(folder);
  }

  private drop(folder: Folder): void {
    this.byPath.delete(folder.path);
    folder.opened?.close();
    folder.opened = undefined;
  }
}
