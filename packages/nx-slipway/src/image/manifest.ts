import { SlipwayError } from '../report';
import type { Platform } from './platform';
import { isDigest } from './reference';

/** What a manifest says of something else in the registry. */
export interface Descriptor {
  readonly mediaType: string;
  /** In a form that `isDigest` takes; its algorithm may still be a rare one. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** In an index only, and there it may be missing. */
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ImageManifest {
  readonly kind: 'image';
  readonly mediaType: string;
  readonly config: Descriptor;
  /** Bottom first. */
  readonly layers: readonly Descriptor[];
}

export interface IndexManifest {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
}

export type Manifest = ImageManifest | IndexManifest;

/** Every kind of manifest that we read, OCI's and Docker's. */
const KINDS: ReadonlyMap<string, Manifest['kind']> = new Map([
  ['application/vnd.oci.image.manifest.v1+json', 'image'],
  ['application/vnd.oci.image.index.v1+json', 'index'],
  ['application/vnd.docker.distribution.manifest.v2+json', 'image'],
  ['application/vnd.docker.distribution.manifest.list.v2+json', 'index'],
]);
export const MANIFEST_MEDIA_TYPES: readonly string[] = [...KINDS.keys()];

/** What registries take at most: https://github.com/opencontainers/distribution-spec, "Pushing Manifests". */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/**
 * Reads a manifest, which is untrusted. Its own `mediaType` counts more than
 * the header that came with it: the digest covers the bytes alone.
 * @param mediaType the content type it was served with; '' if there was none
 * @throws SLIPWAY_E_REGISTRY_FAILED if it is no manifest that we know
 */
export function parseManifest(bytes: Uint8Array, mediaType: string): Manifest {
  const fields = fieldsOf(bytes);
  const type = fields.mediaType || essence(mediaType);
  if (typeof type !== 'string') throw invalid('its mediaType is no string');
  if (fields.schemaVersion === 1) {
    throw invalid(
      'it has schema version 1, which registries and runtimes no longer take',
      'Push the image again with a builder of today.',
    );
  }
  if (fields.schemaVersion !== 2) throw invalid('its schemaVersion is not 2');
  const kind = KINDS.get(type);
  if (!kind) throw invalid(`its media type "${shown(type)}" is unknown`);
  // Read as the one here and as the other there: CVE-2021-41190.
  if ('manifests' in fields && ('config' in fields || 'layers' in fields)) {
    throw invalid('it is an image and an index at once');
  }
  return kind === 'index'
    ? { kind, mediaType: type, manifests: list(fields, 'manifests') }
    : {
        kind,
        mediaType: type,
        config: descriptor(fields.config, 'config'),
        layers: list(fields, 'layers'),
      };
}

/**
 * Whether an entry of an index tells how an image was made, and is none
 * (https://docs.docker.com/build/metadata/attestations/attestation-storage/).
 */
export function isAttestation({ platform, annotations }: Descriptor): boolean {
  const isUnknown =
    platform?.os === 'unknown' && platform.architecture === 'unknown';
  const type = annotations?.['vnd.docker.reference.type'];
  return isUnknown || type === 'attestation-manifest';
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(bytes: Uint8Array): Fields {
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw invalid(`it has more than ${MAX_MANIFEST_BYTES} bytes`);
  }
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw invalid('it is no JSON', undefined, error);
  }
  if (!isObject(value)) throw invalid('it is no JSON object');
  return value;
}

function list(fields: Fields, name: string): Descriptor[] {
  const entries = fields[name];
  // Go's empty list.
  if (entries === null) return [];
  if (!Array.isArray(entries)) throw invalid(`its ${name} are no list`);
  return entries.map((entry, at) => descriptor(entry, `${name}[${at}]`));
}

function descriptor(value: unknown, where: string): Descriptor {
  if (!isObject(value)) throw invalid(`its ${where} is no object`);
  const { mediaType, digest, size, platform, annotations } = value;
  if (typeof mediaType !== 'string') {
    throw invalid(`the mediaType of its ${where} is no string`);
  }
  if (typeof digest !== 'string' || !isDigest(digest)) {
    throw invalid(`the digest of its ${where} is none`);
  }
  if (!Number.isSafeInteger(size) || (size as number) < 0) {
    throw invalid(`the size of its ${where} is none`);
  }
  return {
    mediaType,
    digest,
    size: size as number,
    ...(isThere(platform) && { platform: platformOf(platform, where) }),
    ...(isThere(annotations) && {
      annotations: annotationsOf(annotations, where),
    }),
  };
}

function platformOf(value: unknown, where: string): Platform {
  if (!isObject(value)) throw invalid(`the platform of its ${where} is none`);
  const { os, architecture, variant } = value;
  if (
    typeof os !== 'string' ||
    typeof architecture !== 'string' ||
    (typeof variant !== 'string' && isThere(variant))
  ) {
    throw invalid(`the platform of its ${where} is none`);
  }
  return typeof variant === 'string' && variant
    ? { os, architecture, variant }
    : { os, architecture };
}

function annotationsOf(value: unknown, where: string): Record<string, string> {
  const isRight =
    isObject(value) && Object.values(value).every((v) => typeof v === 'string');
  if (!isRight) throw invalid(`the annotations of its ${where} are none`);
  return value as Record<string, string>;
}

/** Go writes what is not there as null, or leaves it out. */
function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without parameters: `type/sub; charset=utf-8`. */
function essence(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}

/** Text of a stranger, fit for a line of ours. */
function shown(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}

function invalid(why: string, hint?: string, cause?: unknown): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    message: `this is not the manifest of an image: ${why}.`,
    hint:
      hint ??
      `An image has one of the media types ${MANIFEST_MEDIA_TYPES.join(', ')}.`,
    cause,
  });
}
