export { EVENTS, JOBS, PODS, REPLICA_SETS } from './core-kinds';
export { every, realTimers } from './timers';
export type { Timers } from './timers';
export { Watches, pathOf } from './watches';
export type { Collection } from './watches';
