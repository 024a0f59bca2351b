export { watchObjects } from './watch-objects';
export type { ObjectWatch, WatchObjects, WatchedObject } from './watch-objects';
