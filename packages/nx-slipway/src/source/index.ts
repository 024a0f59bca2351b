export { findSource } from './find-source';
export { parseSource } from './parse-source';
export { readSource } from './read-source';
export { sourceFiles } from './source-files';
export type { ManifestSource } from './source';
