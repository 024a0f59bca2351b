import { createHash } from 'node:crypto';
import {
  contentId,
  identityOfConfig,
  indexContentId,
} from '../../../../packages/nx-slipway/src/image';
import type { RegistryClient } from '../../../../packages/nx-slipway/src/registry';

export const OCI = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd';
const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
const DOCKER_LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

export const digestOf = (bytes: Uint8Array) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
export const jsonOf = (value: unknown) => Buffer.from(JSON.stringify(value));

const imageConfig = (architecture: string) => ({
  architecture,
  os: 'linux',
  config: { Cmd: ['sh'] },
  rootfs: { type: 'layers', diff_ids: [digestOf(Buffer.from(architecture))] },
});

/** Pushes an image of one layer as a builder would. */
export async function pushImage(
  client: RegistryClient,
  path: string,
  [type, configType, layerType]: readonly [string, string, string],
  architecture = 'amd64',
  tag?: string,
) {
  const blob = async (mediaType: string, bytes: Buffer) => {
    const digest = await client.putBlob(path, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const bytes = jsonOf({
    schemaVersion: 2,
    mediaType: type,
    config: await blob(configType, jsonOf(imageConfig(architecture))),
    layers: [await blob(layerType, Buffer.from(`layer of ${architecture}`))],
  });
  const digest = digestOf(bytes);
  await client.putManifest(path, tag ?? digest, { mediaType: type, bytes });
  return {
    entry: { mediaType: type, digest, size: bytes.length },
    bytes,
    id: contentId(identityOfConfig(imageConfig(architecture))),
  };
}

export const KINDS = {
  OCI: [OCI, OCI_CONFIG, GZIP],
  'OCI, zstd': [OCI, OCI_CONFIG, ZSTD],
  Docker: [DOCKER, DOCKER_CONFIG, DOCKER_LAYER],
} as const;

/** What buildx puts beside each image: where it comes from, in what manner. */
export const ATTESTATION = {
  mediaType: OCI,
  platform: { os: 'unknown', architecture: 'unknown' },
  annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
} as const;

/** Pushes an index of images, one for each architecture. */
export async function pushIndex(
  client: RegistryClient,
  path: string,
  tag: string,
  kind: keyof typeof KINDS,
  architectures: readonly string[],
  others: readonly object[] = [],
) {
  const images = [];
  for (const name of architectures) {
    images.push(await pushImage(client, path, KINDS[kind], name));
  }
  const mediaType = kind === 'Docker' ? DOCKER_LIST : OCI_INDEX;
  const manifests = [
    ...images.map(({ entry }, at) => ({
      ...entry,
      platform: { os: 'linux', architecture: architectures[at] },
    })),
    ...others,
  ];
  const bytes = jsonOf({ schemaVersion: 2, mediaType, manifests });
  const digest = await client.putManifest(path, tag, { mediaType, bytes });
  return { digest, mediaType, id: indexContentId(images.map(({ id }) => id)) };
}
