import { join } from 'node:path';
import { breather } from './breather';
import type { Clock } from './clock';
import { isContent, type Folders } from './folders';
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
  readonly clock: Clock;
  /** Whether one watch tells of all below a folder. */
  readonly isRecursive: boolean;
  readonly root: Root;
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
  private isClosed = false;

  constructor(private readonly walking: Walking) {}

  /** Goes to all that trees want, and lets go of the rest. */
  walk(tells: Tells): Promise<void> {
    return this.walkAll(tells, false);
  }

  /** Opens and lists again what is watched already, for events have been lost. */
  walkAnew(): Promise<void> {
    return this.walkAll('nothing', true);
  }

  /**
   * Goes to the end of a tree's way.
   * @returns whether it is another way, or leads to what is not watched yet
   */
  async follow(tree: Tree): Promise<boolean> {
    const before = tree.way;
    do tree.way = wayTo(tree.path, this.walking.root);
    while (
      // Somebody may have changed it before it was opened.
      (await this.pass(tree.way)) &&
      !this.isClosed
    );
    if (!before || !isSameWay(before, tree.way)) return true;
    const { end, real } = tree.way;
    return end === 'folder' && !this.isSeen(tree) && !this.isTold(real);
  }

  /** Goes to a folder that is wanted, with all below it. */
  async descend(from: Stop, tells: Tells): Promise<void> {
    const { trees, folders, clock, found } = this.walking;
    const breathe = breather(clock);
    const stops = [from];
    for (let stop = stops.pop(); stop; stop = stops.pop()) {
      if (this.isClosed) return;
      const { folder, isNew } = folders.want(stop.path);
      if (!folders.isOpen(folder)) await folders.open(folder, true);
      if (!folder.opened) continue;
      if (isNew && tells === 'folders' && !stop.isInNew) found(stop.path);
      if (folder.opened.isRecursive) continue;
      const names = folders.list(folder, isNew);
      if (isNew && tells === 'all') {
        for (const name of names) found(join(folder.path, name));
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
  }

  private async walkAll(tells: Tells, isAnew: boolean): Promise<void> {
    const { trees, folders, clock, found } = this.walking;
    folders.begin(isAnew);
    const breathe = breather(clock);
    const unseen: string[] = [];
    for (const tree of trees.all) {
      if (tree.way && !isAnew) await this.pass(tree.way);
      else {
        await this.follow(tree);
        if (!this.isSeen(tree)) unseen.push(tree.path);
      }
      await breathe();
    }
    trees.noteWays();
    if (tells !== 'nothing') unseen.forEach(found);
    for (const path of trees.folders()) {
      if (folders.isWanted(path) || this.isTold(path)) continue;
      await this.descend({ path, trees: trees.rootedAt(path) }, tells);
    }
    if (!this.isClosed) folders.end();
  }

  /** Whether what comes to a tree's end was told before it was asked for. */
  private isSeen({ way }: Tree): boolean {
    const holder = way?.end === 'folder' ? way.real : way?.steps.at(-1)?.folder;
    const folder = holder && this.walking.folders.get(holder);
    return folder ? isContent(folder) : false;
  }

  /** Whether one watch above tells of all below a folder. */
  private isTold(path: string): boolean {
    const { trees, folders, isRecursive } = this.walking;
    if (!isRecursive) return false;
    return trees.folders().some((above) => {
      const opened = folders.get(above)?.opened;
      return above !== path && opened?.isRecursive && isWithin(path, above);
    });
  }

  /** @returns whether something on the way was not open before */
  private async pass(way: Way): Promise<boolean> {
    const { folders } = this.walking;
    let isNew = false;
    for (const step of way.steps) {
      const isLast = step === way.steps.at(-1);
      if (!this.isToOpen(step, isLast)) continue;
      const folder = folders.pass(step.folder);
      if (folders.isOpen(folder)) continue;
      isNew = (await folders.open(folder, isLast)) || isNew;
    }
    return isNew;
  }

  /** Above the root, systems that watch recursively would tell of everything. */
  private isToOpen({ folder, isLink }: Step, isLast: boolean): boolean {
    const { isRecursive, root } = this.walking;
    return !isRecursive || isLink || isLast || isWithin(folder, root.real);
  }
}
