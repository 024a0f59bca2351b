export { depFiles } from './dep-files';
export type { Dep, DepSelection } from './dep-files';
export { asksForManifests } from './dep-rules';
export { depTrees, isIgnoreFile } from './dep-trees';
export type { DepTree } from './dep-trees';
export { fileInDeps } from './file-in-deps';
export type { FileInDep, LeftOutBy } from './file-in-deps';
export { Folders } from './folders';
export { GitIgnore } from './git-ignore';
export { globMatcher } from './glob-matcher';
export {
  changedFiles,
  changedPaths,
  factsHash,
  fileStates,
  inputHash,
} from './input-hash';
export type { FileStates, HashRun, InputFacts } from './input-hash';
export { ignoreRules } from './ignore-rules';
export { KnownFiles } from './known-files';
export { outputMakes } from './output-makes';
export { isAtOrBelow, matchBase, pathMatcher } from './path-matcher';
