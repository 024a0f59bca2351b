export { listObjects } from './list-objects';
export { watchObjects } from './watch-objects';
export type { ObjectWatch } from './watch-objects';
export type { WatchedObject } from './watched-object';
