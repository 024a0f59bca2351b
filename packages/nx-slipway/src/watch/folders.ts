import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Listener, Opened } from './open-folder';
import type { Opener } from './opener';
import { codeOf, isGone } from './system-error';

/** A folder that is watched, or would be if it could be read. */
export interface Folder {
  readonly path: string;
  opened?: Opened;
  /** Whether it was opened to tell of all below it, too. */
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

export interface FolderWatching {
  readonly opener: Opener;
  /** Whether one watch tells of all below a folder. */
  readonly isRecursive: boolean;
  readonly listen: (folder: Folder) => Listener;
}

/** All folders that are watched, by their paths without links. */
export class Folders {
  private readonly byPath = new Map<string, Folder>();
  private walk = 0;
  private isAnew = false;
  private isClosed = false;

  constructor(private readonly watching: FolderWatching) {}

  get(path: string): Folder | undefined {
    return this.byPath.get(path);
  }

  /** @param isAnew whether to open and list again what is watched already */
  begin(isAnew: boolean): void {
    this.walk += 1;
    this.isAnew = isAnew;
  }

  /** Lets go of what the walk did not come by, and of what it did not want. */
  end(): void {
    this.isAnew = false;
    for (const folder of this.byPath.values()) {
      if (folder.passedIn !== this.walk) this.drop(folder);
      else if (folder.contentIn !== this.walk) folder.contentIn = 0;
    }
  }

  /** @returns that folder, which may have to be opened yet */
  pass(path: string): Folder {
    const folder = this.byPath.get(path) ?? this.enter(path);
    folder.passedIn = this.walk;
    return folder;
  }

  /** Passes a folder of which all is wanted. @returns whether it was not, before */
  want(path: string): { folder: Folder; isNew: boolean } {
    const folder = this.pass(path);
    const isNew = !isContent(folder) || !folder.opened;
    folder.contentIn = this.walk;
    return { folder, isNew };
  }

  /** Whether the walk has wanted it already. */
  isWanted(path: string): boolean {
    return this.get(path)?.contentIn === this.walk;
  }

  isOpen(folder: Folder): boolean {
    if (!folder.opened) return false;
    const isSame = folder.isRecursive || !this.isToBeRecursive(folder);
    return isSame && (folder.openedIn === this.walk || !this.isAnew);
  }

  /**
   * @param matters whether the user is told if it cannot be read
   * @returns whether it is open now
   */
  async open(folder: Folder, matters: boolean): Promise<boolean> {
    const { opener, listen } = this.watching;
    const isRecursive = this.isToBeRecursive(folder);
    const before = folder.opened;
    const wish = { isRecursive, matters };
    const opened = await opener.open(folder.path, wish, listen(folder));
    this.take(folder, opened);
    folder.isRecursive = isRecursive;
    folder.openedIn = this.walk;
    // Last, so that nothing comes in between.
    before?.close();
    return opened !== undefined;
  }

  /**
   * Notes which folders are in one.
   * @param isNew as `want` says
   * @returns the names of all in it, none if that is known from before
   */
  list(folder: Folder, isNew: boolean): readonly string[] {
    if (!isNew && !this.isAnew) return [];
    const entries = this.entriesOf(folder.path);
    if (!entries) return [];
    const { path, inner } = folder;
    const gone = new Set(inner.keys());
    for (const entry of entries) {
      if (!entry.isDirectory()) continue;
      if (!gone.delete(entry.name)) inner.set(entry.name, false);
    }
    for (const name of gone) {
      inner.delete(name);
      this.leave(join(path, name));
    }
    return entries.map(({ name }) => name);
  }

  /** Lets go of a folder with all below it. */
  leave(path: string): void {
    const folder = this.byPath.get(path);
    if (!folder) return;
    this.drop(folder);
    for (const name of folder.inner.keys()) this.leave(join(path, name));
  }

  close(): void {
    this.isClosed = true;
    for (const folder of this.byPath.values()) this.drop(folder);
  }

  private enter(path: string): Folder {
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

  private isToBeRecursive(folder: Folder): boolean {
    return this.watching.isRecursive && isContent(folder);
  }

  /** In the meantime it may have been left. */
  private take(folder: Folder, opened: Opened | undefined): void {
    const isKnown = this.byPath.get(folder.path) === folder;
    if (isKnown && !this.isClosed) folder.opened = opened;
    else opened?.close();
  }

  /** @returns undefined if there is no telling; in what is gone, nothing is */
  private entriesOf(path: string) {
    try {
      return readdirSync(path, { withFileTypes: true });
    } catch (error) {
      const code = codeOf(error);
      if (isGone(code)) return [];
      this.watching.opener.warnOfUnreadable(path, code);
      return undefined;
    }
  }

  private drop(folder: Folder): void {
    this.byPath.delete(folder.path);
    folder.opened?.close();
    folder.opened = undefined;
  }
}
