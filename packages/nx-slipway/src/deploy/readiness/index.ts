export { openReadiness } from './readiness';
export type { Readiness, ReadyReport } from './readiness';
export type { ReadyObject } from './expected';
