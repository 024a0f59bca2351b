export { assertNoTwins, assertOptionsFit } from './check-manifests';
export { isApiService, isDefinition } from './definitions';
export { isNamed } from './named';
export { assertKnown, resolveObjects } from './resolve';
export type { Desired, Later } from './resolve';
export { targetOf } from './target';
export type { Target } from './target';
export {
  absent,
  ensureNamespaces,
  namespaceError,
  namespaceStates,
} from './namespaces';
