export type { ReadyObject } from './expected';
export { isObserved } from './status';
export { newestPods, podsOf } from './own-pods';
export { Readiness, openReadiness } from './readiness';
export type { ReadyReport } from './readiness';
