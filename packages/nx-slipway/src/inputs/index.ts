export { depFiles } from './dep-files';
export type { Dep, DepSelection } from './dep-files';
export { inputHash } from './input-hash';
export type { InputFacts } from './input-hash';
