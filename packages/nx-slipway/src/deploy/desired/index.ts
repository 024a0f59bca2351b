export { assertNoTwins, assertOptionsFit } from './check-manifests';
export { isApiService, isDefinition } from './definitions';
export { isNamed } from './named';
export { assertKnown, resolveObjects } from './resolve';
export type { Desired, Later, SetPlace } from './resolve';
export { targetOf } from './target';
export type { Target } from './target';
export {
  absent,
  ensureNamespaces,
  namespaceError,
  namespaceStates,
} from './namespaces';
export type { NamespaceState } from './namespaces';
