// Nx loads this face for every graph, so that nothing here may load a tool's
// runner or a YAML parser at once: light.spec.ts.
export { candidateSources } from './candidate-sources';
export { findSource } from './find-source';
export { parseSource } from './parse-source';
export { readSource } from './read-source';
export { sourceFiles } from './source-files';
export { sourceTrees } from './source-trees';
export type { SourceTree } from './source-trees';
export { unownedManifests } from './unowned-manifests';
export type { ManifestSource, ReadValues } from './source';
