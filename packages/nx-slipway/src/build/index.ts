export { buildImage, hashInputs } from './build-image';
export { isInDocker, isInRegistry } from './destination';
export { currentImage } from './current-image';
export type { CurrentImage } from './current-image';
export { dropImages } from './drop-images';
export { pruneDocker } from './prune-docker';
export type { PruneReport } from './prune-docker';
export type { BuildPlan, Parent, RefSource, SettledImage, Store } from './plan';
export type { BuildSystems } from './systems';
