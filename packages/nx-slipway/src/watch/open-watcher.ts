import { Batches } from './batches';
import { Chores } from './chores';
import { realClock } from './clock';
import { Ears } from './ears';
import { Folders } from './folders';
import { gitLocksOf, isGitWriting } from './git-locks';
import { queueLimit } from './limits';
import { openFolder, type OpenFolder } from './open-folder';
import { Opener } from './opener';
import { Trees } from './trees';
import type { OpenWatcher, WatchedTree, Watcher } from './types';
import { Walker } from './walker';
import { rootOf } from './way';

/** These watch all below a folder by one watch; others need one for each folder. */
const RECURSIVE: readonly NodeJS.Platform[] = ['darwin', 'win32'];

/**
 * Tells of changes below many folders at once.
 * @param open what opens a folder; tests have it fail as the system does
 */
export function openWatcher(
  options: OpenWatcher,
  open: OpenFolder = openFolder,
): Watcher {
  return new TreeWatcher(options, open);
}

class TreeWatcher implements Watcher {
  private readonly trees = new Trees();
  private readonly chores = new Chores();
  private readonly batches: Batches;
  private readonly folders: Folders;
  private readonly walker: Walker;
  private readonly ears: Ears;
  private locks: readonly string[] | undefined;
  /** What was asked for last, once all of it is watched. */
  private watched: readonly WatchedTree[] | undefined;
  private hasWatched = false;

  constructor(options: OpenWatcher, open: OpenFolder) {
    const { reporter, polling, platform = process.platform } = options;
    const { trees, chores } = this;
    const clock = realClock(options.now ?? (() => performance.now()));
    const isRecursive = RECURSIVE.includes(platform);
    const folders = new Folders({
      opener: new Opener({ reporter, clock, polling, openFolder: open }),
      isRecursive,
      listen: (folder) => this.ears.listenTo(folder),
    });
    const walker = new Walker({
      ...{ trees, folders, clock, isRecursive, root: rootOf(options.root) },
      found: (path) => this.ears.tell(path),
    });
    this.batches = new Batches({
      clock,
      queueLimit: queueLimit(),
      isHeld: () => this.isHeldByGit(),
      idle: () => chores.idle(),
      lookAgain: () => chores.do(() => walker.walkAnew()),
      give: options.onChanges,
    });
    this.folders = folders;
    this.walker = walker;
    const { batches } = this;
    this.ears = new Ears({ trees, folders, walker, batches, chores, clock });
  }

  watch(trees: readonly WatchedTree[]): Promise<void> {
    const asked = [...trees];
    return this.chores.do(() => this.replace(asked));
  }

  close(): void {
    this.batches.close();
    this.walker.close();
    this.folders.close();
  }

  private async replace(trees: readonly WatchedTree[]): Promise<void> {
    if (this.watched && isSame(trees, this.watched)) return;
    this.watched = undefined;
    this.locks = undefined;
    this.trees.replace(trees);
    await this.walker.walk(this.hasWatched ? 'folders' : 'nothing');
    this.watched = trees;
    this.hasWatched = true;
  }

  private isHeldByGit(): boolean {
    this.locks ??= gitLocksOf(this.trees.places());
    return isGitWriting(this.locks, Date.now());
  }
}

function isSame(
  trees: readonly WatchedTree[],
  others: readonly WatchedTree[],
): boolean {
  return (
    trees.length === others.length &&
    trees.every(({ path, prunes }, index) => {
      const other = others[index];
      return path === other?.path && prunes === other.prunes;
    })
  );
}
