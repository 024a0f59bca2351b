import {
  contentId,
  identityOfConfig,
  indexContentId,
  isAttestation,
  isDigest,
  parseManifest,
  type Descriptor,
  type ImageManifest,
  type OciImageConfig,
  type Platform,
} from '../image';
import { SlipwayError } from '../report';
import { mapLimited } from './map-limited';
import type { RegistryClient } from './registry-client';

/** An image, or an index of images, as a registry holds it. */
export interface RegistryImage {
  readonly digest: string;
  /** Its own, not what the header says: it is put with this one. */
  readonly mediaType: string;
  /** Of the manifest. */
  readonly bytes: Buffer;
  readonly contentId: string;
  /** The images of an index, less its attestations; none of a single image. */
  readonly children: readonly RegistryChild[];
  /** Each of its images' platform; that of a single image is in its config. */
  readonly platforms: readonly Platform[];
  /** Of a single image. */
  readonly config?: OciImageConfig;
}

/** An image in an index. */
export interface RegistryChild {
  readonly digest: string;
  readonly contentId: string;
  readonly platform: Platform;
}

/**
 * Whether what a registry has is of that content: it itself, or, since
 * Docker's containerd store pushes an image inside an index, a child of it.
 */
export function holds(image: RegistryImage, contentId: string): boolean {
  return [image, ...image.children].some(
    (each) => each.contentId === contentId,
  );
}

/** Two for each platform that Go has, and some. */
const MAX_IMAGES = 64;
const PARALLEL = 4;

type Reads = Pick<RegistryClient, 'getManifest' | 'getBlob'>;

/**
 * Reads what decides what an image is, manifests and configs, and never a
 * layer: how those are packed does not matter.
 * @returns undefined if the registry has no such image
 * @throws SLIPWAY_E_REGISTRY_FAILED if what it has is no image or is not whole,
 *   and whatever the client throws
 */
export async function readImage(
  client: Reads,
  path: string,
  reference: string,
): Promise<RegistryImage | undefined> {
  const found = await client.getManifest(path, reference);
  if (!found) return undefined;
  const { digest, bytes } = found;
  const manifest = parseManifest(bytes, found.mediaType);
  const { mediaType } = manifest;
  if (manifest.kind === 'image') {
    const config = await readConfig(client, path, manifest);
    return {
      digest,
      mediaType,
      bytes,
      contentId: contentId(identityOfConfig(config)),
      children: [],
      platforms: [platformOf(config)],
      config,
    };
  }
  const entries = imagesOf(manifest.manifests, `${path}@${digest}`);
  const children = await mapLimited(entries, PARALLEL, (entry) =>
    readChild(client, path, entry),
  );
  return {
    digest,
    mediaType,
    bytes,
    contentId: indexContentId(children.map((child) => child.contentId)),
    children,
    platforms: children.map(({ platform }) => platform),
  };
}

function imagesOf(entries: readonly Descriptor[], where: string) {
  const images = entries.filter((entry) => !isAttestation(entry));
  if (images.length === 0) throw unusable(`${where} is an index of no image`);
  if (images.length > MAX_IMAGES) {
    throw unusable(`${where} is an index of more than ${MAX_IMAGES} images`);
  }
  return images;
}

async function readChild(
  client: Reads,
  path: string,
  child: Descriptor,
): Promise<RegistryChild> {
  const where = `${path}@${child.digest}`;
  const found = await client.getManifest(path, child.digest);
  if (!found) throw unusable(`${where}, which an index names, is not there`);
  const manifest = parseManifest(found.bytes, child.mediaType);
  if (manifest.kind !== 'image') {
    throw unusable(`${where}, which an index names, is an index itself`);
  }
  const config = await readConfig(client, path, manifest);
  return {
    digest: child.digest,
    contentId: contentId(identityOfConfig(config)),
    // What runtimes choose by.
    platform: child.platform ?? platformOf(config),
  };
}

async function readConfig(
  client: Reads,
  path: string,
  { config }: ImageManifest,
): Promise<OciImageConfig> {
  const where = `${path}@${config.digest}`;
  const bytes = await client.getBlob(path, config.digest);
  if (!bytes) throw unusable(`the config ${where} is not there`);
  return parseConfig(bytes, where);
}

/** Charts and other artifacts have manifests, too, but no such config. */
function parseConfig(bytes: Buffer, where: string): OciImageConfig {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw unusable(`the config ${where} is no JSON`, error);
  }
  if (!isImageConfig(value)) {
    throw unusable(`the config ${where} is not that of a container image`);
  }
  return value;
}

function isImageConfig(value: unknown): value is OciImageConfig {
  if (!isObject(value) || !isObject(value.rootfs)) return false;
  const { rootfs, config } = value;
  const diffIds = rootfs.diff_ids ?? [];
  return (
    Array.isArray(diffIds) &&
    diffIds.every((id) => typeof id === 'string' && isDigest(id)) &&
    (config === undefined || config === null || isObject(config)) &&
    ['architecture', 'os', 'os.version', 'variant'].every((field) =>
      ['string', 'undefined'].includes(typeof value[field]),
    )
  );
}

function platformOf(config: OciImageConfig): Platform {
  const { os = '', architecture = '', variant } = config;
  return variant ? { os, architecture, variant } : { os, architecture };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(what: string, cause?: unknown): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    message: `the registry holds an image that cannot be used: ${what}.`,
    hint: 'Push the image again, whole, with all its platforms.',
    cause,
  });
}
