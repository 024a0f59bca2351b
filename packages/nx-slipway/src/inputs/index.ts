export { depFiles } from './dep-files';
export type { Dep, DepSelection } from './dep-files';
export { changedFiles, inputHash } from './input-hash';
export type { FileStates, InputFacts } from './input-hash';
