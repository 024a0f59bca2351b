export { findSource } from './find-source';
export { parseSource } from './parse-source';
export { readSource } from './read-source';
export type { ManifestSource } from './source';
