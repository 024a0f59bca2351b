export {
  CONFIG_FIELDS,
  contentId,
  contentTag,
  identityOfConfig,
  identityOfInspect,
  indexContentId,
} from './content-id';
export type {
  DockerInspect,
  OciImageConfig,
  RuntimeIdentity,
} from './content-id';
export { isUnder, pinnedOn, swapHost, taggedOn } from './deploy-ref';
export {
  MANIFEST_MEDIA_TYPES,
  MAX_MANIFEST_BYTES,
  isAttestation,
  parseManifest,
} from './manifest';
export type {
  Descriptor,
  ImageManifest,
  IndexManifest,
  Manifest,
} from './manifest';
export { MAX_OUTPUT_REF_BYTES, parseOutputRef } from './output-ref';
export type { OutputRef } from './output-ref';
export {
  formatPlatform,
  hostPlatform,
  matchesPlatform,
  parsePlatform,
} from './platform';
export type { Platform } from './platform';
export { parseRecord, serializeRecord } from './record';
export type { ImageRecord } from './record';
export {
  canonicalName,
  familiarName,
  formatReference,
  isDigest,
  isTag,
  parseReference,
  referenceIn,
  registryOf,
} from './reference';
export type { ImageReference } from './reference';
export { mapToRegistry, nameInTag, tagUnder } from './registry-name';
export type { DeployRef, Naming, Pin, Registry } from './registry-name';
export { buildTag } from './tags';
export type { BuildTagParts } from './tags';
