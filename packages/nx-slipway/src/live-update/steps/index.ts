export { liveUpdateOf } from './live-update-of';
export type { Where as LiveUpdatePaths } from './read-value';
export type { LiveUpdateStep } from './step';
export { assertTaken } from './taken';
