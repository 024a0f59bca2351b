import type { Reporter } from '../report';

/** What somebody wants to hear of. */
export interface WatchedTree {
  /**
   * Absolute: a folder (with all below it), a file, or what is not there yet.
   * Links on the way to it are followed, those below it are not.
   */
  readonly path: string;
  /**
   * Whether a folder below it (absolute, as `path` names it) is of no interest,
   * with all that is in it. Asked before it is watched, and again when it comes
   * back. Default: none is.
   */
  readonly prunes?: (folder: string) => boolean;
  /**
   * Whether whoever wants it wants to hear of a path below it, a file or a
   * folder; the watcher does not ask. Default: of all.
   */
  readonly concerns?: (path: string) => boolean;
}

export interface Changes {
  /**
   * Absolute paths of what may have changed: hints, not facts. A folder stands
   * for all that is, or was, below it. Where links lead to a tree, a path comes
   * as the tree names it and without links. Empty with `all`.
   */
  readonly paths: ReadonlySet<string>;
  /** Anything may have changed: events may have been lost. */
  readonly all: boolean;
  /** Of the first event, by the clock of `now`. */
  readonly at: number;
}

export interface Watcher {
  /**
   * Replaces what is watched, and resolves when all of it is. What stays is not
   * opened anew. The first time, look at files after it resolves; later on, what
   * was not watched before is told as changed once, since it may have changed
   * until it was.
   * @throws what `prunes` throws
   */
  watch(trees: readonly WatchedTree[]): Promise<void>;
  /** Nothing is told any more. */
  close(): void;
}

export interface OpenWatcher {
  /** Is told once a burst of events is over, and always after some seconds. */
  readonly onChanges: (changes: Changes) => void;
  readonly reporter: Pick<Reporter, 'info' | 'warn'>;
  /**
   * Absolute: folders above it are taken to stay where they are, as those above
   * a workspace. Default: none are.
   */
  readonly root?: string;
  /**
   * Milliseconds: look at files so often in place of waiting for events, for
   * mounts that send none. Default: events.
   */
  readonly polling?: number;
  /** Milliseconds of a clock that never goes back. Default: performance.now */
  readonly now?: () => number;
  readonly platform?: NodeJS.Platform;
}
