export { assertShell, processConfigOf, processConfigs } from './process-config';
export { supervise } from './supervise';
export type { Supervised } from './supervise';
