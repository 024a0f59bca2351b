export { liveUpdateOf } from './live-update-of';
export type { Where as LiveUpdatePaths } from './read-value';
export { assertTaken } from './taken';
