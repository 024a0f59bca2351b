import { sep } from 'node:path';
import type { WatchedTree, Watcher } from '../watch';

/** Who wants to hear of what. */
export class Watched {
  private trees = new Map<object, readonly WatchedTree[]>();
  private last = Promise.resolve();

  constructor(private readonly watcher: Watcher) {}

  /** Of all who want to hear; resolves when it is heard of. */
  watch(
    wanted: ReadonlyMap<object, Promise<readonly WatchedTree[]>>,
  ): Promise<void> {
    // One after the other: the last one counts.
    this.last = this.last.then(async () => {
      const entries = await Promise.all(
        [...wanted].map(async ([who, trees]) => [who, await trees] as const),
      );
      this.trees = new Map(entries);
      await this.watcher.watch([...this.trees.values()].flat());
    });
    return this.last;
  }

  /** Whether one of the paths is of somebody's trees, or holds one. */
  touches(who: unknown, paths: ReadonlySet<string>): boolean {
    const trees = this.trees.get(who as object) ?? [];
    return trees.some(({ path: root }) =>
      [...paths].some(
        (path) =>
          path === root ||
          path.startsWith(root + sep) ||
          root.startsWith(path + sep),
      ),
    );
  }

  close(): void {
    this.watcher.close();
  }
}
