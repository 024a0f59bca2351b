import { dirname, sep } from 'node:path';
import type { WatchedTree, Watcher } from '../watch';

interface Heard {
  readonly trees: readonly WatchedTree[];
  /** What is known of folders: thousands of files lie in the same few. */
  readonly pruned: Map<string, boolean>;
}

/** Who wants to hear of what. */
export class Watched {
  private readonly heard = new Map<object, Heard>();
  private readonly gone = new WeakSet<object>();
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly watcher: Watcher) {}

  /**
   * Resolves when it is heard of.
   * @param wanted in place of those of before
   * @throws as Watcher.watch, and what finding the trees does
   */
  watch(
    wanted: Iterable<readonly [who: object, Promise<readonly WatchedTree[]>]>,
  ): Promise<void> {
    const found = Promise.all(
      [...wanted].map(async ([who, trees]) => [who, await trees] as const),
    );
    // One after the other: the last one counts.
    const done = Promise.all([found, this.last]).then(([all]) => {
      for (const [who, trees] of all) {
        if (this.gone.has(who)) continue;
        this.heard.set(who, { trees, pruned: new Map() });
      }
      const each = [...this.heard.values()].flatMap(({ trees }) => trees);
      return this.watcher.watch(each);
    });
    // Who asked is told; who comes next is not.
    this.last = done.catch(() => undefined);
    return done;
  }

  /** For good, with the next watch. */
  forget(who: object): void {
    this.gone.add(who);
    this.heard.delete(who);
  }

  /** Whether one of the paths may be of somebody's trees, or hold one. */
  touches(who: object, paths: ReadonlySet<string>): boolean {
    for (const path of paths) if (this.isOf(who, path)) return true;
    return false;
  }

  /** Those of the paths. */
  of(who: object, paths: ReadonlySet<string>): string[] {
    return [...paths].filter((path) => this.isOf(who, path));
  }

  close(): void {
    this.watcher.close();
  }

  private isOf(who: object, path: string): boolean {
    const heard = this.heard.get(who);
    if (!heard) return false;
    return heard.trees.some((tree) => isOf(path, tree, heard.pruned));
  }
}

function isOf(
  path: string,
  tree: WatchedTree,
  pruned: Map<string, boolean>,
): boolean {
  const { path: root } = tree;
  if (path === root || root.startsWith(path + sep)) return true;
  return (
    path.startsWith(root + sep) &&
    !isPruned(dirname(path), tree, pruned) &&
    tree.concerns?.(path) !== false
  );
}

/** @param folder of the tree, its root or below */
function isPruned(
  folder: string,
  tree: WatchedTree,
  pruned: Map<string, boolean>,
): boolean {
  if (folder === tree.path || !tree.prunes) return false;
  const key = `${tree.path}\0${folder}`;
  const known = pruned.get(key);
  if (known !== undefined) return known;
  const is = isPruned(dirname(folder), tree, pruned) || tree.prunes(folder);
  pruned.set(key, is);
  return is;
}
