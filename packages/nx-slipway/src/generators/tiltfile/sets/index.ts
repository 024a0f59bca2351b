export { helmResource } from './helm-resource';
export { isManualMode, resourceOf } from './resource';
export { sourcesIn, sourcesOf } from './sources';
export type { Forward, HelmSource, Resource, Source, Sources } from './types';
