export type { ReadyObject } from './expected';
export { isObserved } from './status';
export { isReadyPod, madeBy, newestPods, podsOf } from './own-pods';
export type { Related } from './own-pods';
export { Readiness, openReadiness } from './readiness';
export type { ReadyReport } from './readiness';
export { howEnded } from './pod-trouble';
export { shortLine } from './words';
