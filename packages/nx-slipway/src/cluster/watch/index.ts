export { watchObjects } from './watch-objects';
export type { ObjectWatch, WatchObjects } from './watch-objects';
export type { WatchedObject } from './watched-object';
