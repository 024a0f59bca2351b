export { openReadiness } from './readiness';
export type { ReadyObject } from './expected';
