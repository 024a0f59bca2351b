import { basename, dirname, join } from 'node:path';
import type { Batches } from './batches';
import { nextTurn } from './breather';
import type { Chores } from './chores';
import type { Clock } from './clock';
import { isContent, type Folder, type Folders } from './folders';
import type { Listener } from './open-folder';
import { ownStatOf } from './system-error';
import type { Trees } from './trees';
import type { Walker } from './walker';

export interface Hearing {
  readonly trees: Trees;
  readonly folders: Folders;
  readonly walker: Walker;
  readonly batches: Batches;
  readonly chores: Chores;
  readonly clock: Clock;
}

/**
 * Makes of events what may have changed. An event is a hint: a folder and a
 * name in it. What stands there is looked at, never believed.
 */
export class Ears {
  /** Paths at which something else may stand now. */
  private readonly doubtful = new Set<string>();

  constructor(private readonly hearing: Hearing) {}

  listenTo(folder: Folder): Listener {
    return {
      tell: (type, name) => this.hear(folder, type, name),
      fail: () => this.recover(folder),
    };
  }

  /** By a path without links; told by all names that trees have for it. */
  tell(path: string): void {
    const { trees, batches } = this.hearing;
    for (const name of trees.namesOf(path)) batches.add(name);
  }

  private hear(folder: Folder, type: string, name: string | null): void {
    const { batches, trees } = this.hearing;
    batches.count();
    // Windows had more to tell than it has kept.
    if (name === null) return batches.lose();
    const path = join(folder.path, name);
    const isWanted = this.isWanted(folder, path);
    const through = trees.through(path);
    if (isWanted || through.length > 0) batches.touch();
    for (const tree of through) batches.add(tree.path);
    const isDoubtful = this.mayBeOther(type, path);
    if (isWanted && (!isDoubtful || folder.opened?.isRecursive)) {
      this.tell(path);
    }
    if (!isDoubtful) return;
    if (through.length > 0 || isContent(folder)) this.doubt(path);
    if (name === basename(folder.path)) this.hearOfItself(folder);
  }

  /** Whether it is in a tree, and in no folder that nobody wants. */
  private isWanted(folder: Folder, path: string): boolean {
    if (!isContent(folder)) return false;
    if (!folder.opened?.isRecursive) {
      return folder.inner.get(basename(path)) !== false;
    }
    const { trees } = this.hearing;
    if (trees.wanting(dirname(path)).length === 0) return false;
    return trees.wanting(path).length > 0 || !ownStatOf(path)?.isDirectory();
  }

  /** A folder that could not be read may be readable now. */
  private mayBeOther(type: string, path: string): boolean {
    if (type === 'rename') return true;
    const folder = this.hearing.folders.get(path);
    return folder !== undefined && !folder.opened;
  }

  /**
   * A folder that is moved or removed says so by its own name. The one that it
   * is in says it better, if it is watched.
   */
  private hearOfItself({ path }: Folder): void {
    const { folders, batches } = this.hearing;
    if (!folders.get(dirname(path))?.opened) batches.lose();
  }

  /** It tells of nothing any more. */
  private recover({ path }: Folder): void {
    const { folders, batches } = this.hearing;
    if (!folders.get(dirname(path))) return batches.lose();
    batches.touch();
    this.doubt(path);
  }

  private doubt(path: string): void {
    const { chores, clock } = this.hearing;
    this.doubtful.add(path);
    if (this.doubtful.size > 1) return;
    void chores.do(async () => {
      // Most events come in threes; by then they are all there.
      await nextTurn(clock);
      for (const path of this.doubtful) {
        this.doubtful.delete(path);
        await this.look(path);
      }
    });
  }

  /** Looks at what stands at a path now, as if nothing was known of it. */
  private async look(path: string): Promise<void> {
    const { folders, trees, walker } = this.hearing;
    const above = folders.get(dirname(path));
    if (!above) return;
    const wasUnwanted = above.inner.get(basename(path)) === false;
    above.inner.delete(basename(path));
    folders.leave(path);
    if (isContent(above) && !above.opened?.isRecursive) {
      await this.lookInto(above, path, wasUnwanted);
    }
    let isOther = false;
    for (const tree of trees.through(path)) {
      isOther = (await walker.follow(tree)) || isOther;
    }
    if (isOther) await walker.walk('all');
  }

  private async lookInto(
    above: Folder,
    path: string,
    wasUnwanted: boolean,
  ): Promise<void> {
    const { trees, walker } = this.hearing;
    const name = basename(path);
    const stat = ownStatOf(path);
    if (!stat?.isDirectory()) {
      // That what nobody wanted is gone is no news, nor that it is back.
      if (!stat && wasUnwanted) above.inner.set(name, false);
      else this.tell(path);
      return;
    }
    const wanting = trees.wanting(path);
    above.inner.set(name, wanting.length > 0);
    // There may have been a file, which was wanted.
    if (wanting.length > 0 || !wasUnwanted) this.tell(path);
    if (wanting.length === 0) return;
    await walker.descend({ path, trees: wanting }, 'all');
  }
}
