import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { breather } from './breather';
import type { Clock } from './clock';
import { isContent, type Folder, type Folders } from './folders';
import type { Listener, Opened } from './open-folder';
import type { Opener } from './opener';
import { unlessRefused } from './system-error';
import { isPruned, type Tree, type Trees } from './trees';
import {
  isSameWay,
  isWithin,
  wayTo,
  type Root,
  type Step,
  type Way,
} from './way';

export interface Walking {
  readonly trees: Trees;
  readonly folders: Folders;
  readonly opener: Opener;
  readonly clock: Clock;
  /** Whether one watch tells of all below a folder. */
  readonly isRecursive: boolean;
  readonly root: Root;
  readonly listen: (folder: Folder) => Listener;
  /** Is told what was not watched before, by a path without links. */
  readonly found: (path: string) => void;
}

/**
 * What a walk tells as found: the outermost folders that were not watched
 * before, or these with all that is in them.
 */
export type Tells = 'nothing' | 'folders' | 'all';

interface Stop {
  readonly path: string;
  /** Those that want it. */
  readonly trees: readonly Tree[];
  /** Whether the folder that it is in was not watched before. */
  readonly isInNew?: boolean;
}

/**
 * Opens the folders that trees and the ways to them need. Each is opened before
 * it is looked into: what comes in between is heard of.
 */
export class Walker {
  private walks = 0;
  /** Whether the walk opens and lists again what is watched already. */
  private isAnew = false;
  private isClosed = false;

  constructor(private readonly walking: Walking) {}

  /** Goes to all that trees want, and lets go of the rest. */
  async walk(tells: Tells): Promise<void> {
    this.walks += 1;
    const { trees, folders, clock, found } = this.walking;
    const breathe = breather(clock);
    const unseen: string[] = [];
    for (const tree of trees.all) {
      if (tree.way && !this.isAnew) await this.pass(tree.way);
      else {
        await this.follow(tree);
        if (!this.isSeen(tree)) unseen.push(tree.path);
      }
      await breathe();
    }
    trees.noteWays();
    if (tells !== 'nothing') unseen.forEach(found);
    for (const path of trees.folders()) {
      const isDone = folders.get(path)?.contentIn === this.walks;
      if (isDone || this.isTold(path)) continue;
      await this.descend({ path, trees: trees.rootedAt(path) }, tells);
    }
    if (!this.isClosed) folders.keepOf(this.walks);
  }

  /** Opens and lists again what is watched already, for events have been lost. */
  async walkAnew(): Promise<void> {
    this.isAnew = true;
    try {
      await this.walk('nothing');
    } finally {
      this.isAnew = false;
    }
  }

  /**
   * Goes to the end of a tree's way.
   * @returns whether it is another way, or leads to what is not watched yet
   */
  async follow(tree: Tree): Promise<boolean> {
    const before = tree.way;
    for (;;) {
      const way = wayTo(tree.path, this.walking.root);
      tree.way = way;
      const isNew = await this.pass(way);
      // Somebody may have changed it before it was opened.
      if (!isNew || this.isClosed) break;
    }
    if (!before || !isSameWay(before, tree.way)) return true;
    const { end, real } = tree.way;
    return end === 'folder' && !this.isSeen(tree) && !this.isTold(real);
  }

  /** Goes to a folder that is wanted, with all below it. */
  async descend(from: Stop, tells: Tells): Promise<void> {
    const { trees, clock, found } = this.walking;
    const breathe = breather(clock);
    const stops = [from];
    for (let stop = stops.pop(); stop; stop = stops.pop()) {
      if (this.isClosed) return;
      const folder = this.walking.folders.enter(stop.path);
      const isNew = !isContent(folder) || !folder.opened;
      folder.passedIn = folder.contentIn = this.walks;
      await this.open(folder, true);
      if (!folder.opened) continue;
      if (isNew && tells === 'folders' && !stop.isInNew) found(stop.path);
      if (folder.opened.isRecursive) continue;
      if (isNew || this.isAnew) {
        this.list(folder, isNew && tells === 'all');
      }
      for (const name of folder.inner.keys()) {
        const path = join(folder.path, name);
        const wanting = stop.trees.filter((tree) => !isPruned(tree, path));
        wanting.push(...trees.rootedAt(path));
        folder.inner.set(name, wanting.length > 0);
        if (wanting.length === 0) continue;
        stops.push({ path, trees: wanting, isInNew: isNew });
      }
      await breathe();
    }
  }

  close(): void {
    this.isClosed = true;
    this.walking.folders.close();
  }

  /** Whether changes in what a tree leads to were told before it was asked for. */
  private isSeen({ way }: Tree): boolean {
    const holder = way?.end === 'folder' ? way.real : way?.steps.at(-1)?.folder;
    const folder = holder && this.walking.folders.get(holder);
    return folder ? isContent(folder) : false;
  }

  /** Whether one watch above tells of all below a folder. */
  private isTold(path: string): boolean {
    return this.walking.trees.folders().some((above) => {
      const opened = this.walking.folders.get(above)?.opened;
      return above !== path && opened?.isRecursive && isWithin(path, above);
    });
  }

  /** @returns whether something on the way was not open before */
  private async pass(way: Way): Promise<boolean> {
    let isNew = false;
    for (const step of way.steps) {
      const isLast = step === way.steps.at(-1);
      if (!this.isToOpen(step, isLast)) continue;
      const folder = this.walking.folders.enter(step.folder);
      folder.passedIn = this.walks;
      isNew = (await this.open(folder, isLast)) || isNew;
    }
    return isNew;
  }

  /** Above the root, systems that watch recursively would tell of everything. */
  private isToOpen({ folder, isLink }: Step, isLast: boolean): boolean {
    const { isRecursive, root } = this.walking;
    return !isRecursive || isLink || isLast || isWithin(folder, root.real);
  }

  /**
   * @param matters whether the user is told if it cannot be read
   * @returns whether it was not open before
   */
  private async open(folder: Folder, matters: boolean): Promise<boolean> {
    const { opener, listen } = this.walking;
    const isRecursive = this.walking.isRecursive && isContent(folder);
    const before = folder.opened;
    const isSame = folder.isRecursive || !isRecursive;
    const isDone = folder.openedIn === this.walks;
    if (before && isSame && (isDone || !this.isAnew)) return false;
    const wish = { isRecursive, matters };
    const opened = await opener.open(folder.path, wish, listen(folder));
    this.take(folder, opened);
    folder.isRecursive = isRecursive;
    folder.openedIn = this.walks;
    // Last, so that nothing comes in between.
    before?.close();
    return opened !== undefined;
  }

  private take(folder: Folder, opened: Opened | undefined): void {
    const isGone = this.walking.folders.get(folder.path) !== folder;
    if (this.isClosed || isGone) opened?.close();
    else folder.opened = opened;
  }

  /** Notes which folders are in it. */
  private list(folder: Folder, tells: boolean): void {
    const { path, inner } = folder;
    const left = new Set(inner.keys());
    for (const entry of entriesOf(path)) {
      if (tells) this.walking.found(join(path, entry.name));
      if (!entry.isDirectory()) continue;
      if (!left.delete(entry.name)) inner.set(entry.name, false);
    }
    for (const name of left) {
      inner.delete(name);
      this.walking.folders.leave(join(path, name));
    }
  }
}

/** None if it is gone, or not for us: whoever opened it has told. */
function entriesOf(folder: string) {
  return (
    unlessRefused(() => readdirSync(folder, { withFileTypes: true })) ?? []
  );
}
