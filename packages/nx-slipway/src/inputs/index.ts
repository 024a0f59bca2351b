export { asksForManifests, depFiles } from './dep-files';
export type { Dep, DepSelection } from './dep-files';
export { Folders } from './folders';
export { GitIgnore } from './git-ignore';
export { changedFiles, inputHash } from './input-hash';
export type { FileStates, InputFacts } from './input-hash';
export { outputMakes } from './output-makes';
