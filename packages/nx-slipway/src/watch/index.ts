export { openWatcher } from './open-watcher';
export type { Changes, OpenWatcher, WatchedTree, Watcher } from './types';
