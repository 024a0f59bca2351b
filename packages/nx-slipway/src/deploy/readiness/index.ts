export { openReadiness } from './readiness';
export type { Readiness, ReadyObject, ReadyReport } from './readiness';
