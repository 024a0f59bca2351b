export { withSyncTargets } from './fed';
export { foreignIn } from './foreign';
export { liveOf } from './live';
export type { LiveTools } from './live';
