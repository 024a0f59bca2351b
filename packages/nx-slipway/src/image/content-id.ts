import { createHash } from 'node:crypto';

/**
 * The parts of an image that decide what runs, in the words of the OCI image
 * configuration. Both sources below are read into this shape and nothing else
 * is ever hashed. docs/content-id.md says why each stands here.
 */
export interface RuntimeIdentity {
  architecture?: string;
  os?: string;
  'os.version'?: string;
  variant?: string;
  config?: Readonly<Record<string, unknown>>;
  /** Digests of the uncompressed layers, bottom first. */
  diffIds: readonly string[];
}

/** The fields of `config` that count. The last four are Docker's own. */
export const CONFIG_FIELDS = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Shell',
  'ArgsEscaped',
] as const;

/** They say when and from what an image was made, not what it runs. */
const LABELS_LEFT_OUT = [
  'org.opencontainers.image.created',
  'org.opencontainers.image.revision',
];

/** Told apart from any other hash of ours; changes if the rules below do. */
const DOMAIN = 'nx-slipway content id 1\n';
const INDEX_DOMAIN = 'nx-slipway index content id 1\n';

/**
 * The content id: `sha256:<64 hex>` over the runtime identity. The order of
 * keys does not matter; null, absent and empty are the same; the order of
 * lists matters, for it decides what runs.
 */
export function contentId(identity: RuntimeIdentity): string {
  const config = identity.config ?? {};
  const counted = Object.fromEntries(
    CONFIG_FIELDS.map((field) => [field, countedValue(field, config[field])]),
  );
  const canonical = canonicalJson({
    architecture: identity.architecture,
    os: identity.os,
    'os.version': identity['os.version'],
    variant: identity.variant,
    config: withoutEmpty(counted),
    diffIds: identity.diffIds,
  });
  return digestOf(DOMAIN, canonical);
}

/**
 * The content id of an index: what its images are, whatever their order. An
 * index of one image has another id than that image: it is another thing.
 * @param ids of its images, one for each platform, attestations left out
 */
export function indexContentId(ids: readonly string[]): string {
  return digestOf(INDEX_DOMAIN, JSON.stringify([...ids].sort()));
}

/** As registries, `docker save`, containerd and Buildah hold it. */
export interface OciImageConfig {
  architecture?: string;
  os?: string;
  'os.version'?: string;
  variant?: string;
  config?: Readonly<Record<string, unknown>> | null;
  rootfs?: { diff_ids?: readonly string[] | null } | null;
}

export function identityOfConfig(image: OciImageConfig): RuntimeIdentity {
  return {
    architecture: image.architecture,
    os: image.os,
    'os.version': image['os.version'],
    variant: image.variant,
    config: image.config ?? undefined,
    diffIds: image.rootfs?.diff_ids ?? [],
  };
}

/** As the Docker API's image inspect tells it. */
export interface DockerInspect {
  Architecture?: string;
  Os?: string;
  OsVersion?: string;
  Variant?: string;
  Config?: Readonly<Record<string, unknown>> | null;
  RootFS?: { Layers?: readonly string[] | null } | null;
}

export function identityOfInspect(image: DockerInspect): RuntimeIdentity {
  return {
    architecture: image.Architecture,
    os: image.Os,
    'os.version': image.OsVersion,
    variant: image.Variant,
    config: image.Config ?? undefined,
    diffIds: image.RootFS?.Layers ?? [],
  };
}

/** `<tagPrefix>-<first 16 hex of the content id>` */
export function contentTag(id: string, prefix: string): string {
  return `${prefix}-${id.slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

function digestOf(domain: string, text: string): string {
  return `sha256:${createHash('sha256').update(domain).update(text).digest('hex')}`;
}

function countedValue(field: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  if (field === 'Labels') return withoutKeys(value, LABELS_LEFT_OUT);
  // A set written as a map: the values are empty objects.
  if (field === 'ExposedPorts' || field === 'Volumes') {
    return Object.keys(value).sort();
  }
  return field === 'Healthcheck' ? withoutEmpty(value) : value;
}

/** Drops what counts as absent. Not deep: an empty label is still a label. */
function withoutEmpty(object: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => !isEmpty(value)),
  );
}

function withoutKeys(
  object: Readonly<Record<string, unknown>>,
  keys: readonly string[],
) {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => !keys.includes(key)),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (value === '' || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with sorted keys; empty top-level fields are left out. */
function canonicalJson(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(withoutEmpty(value), (_key, inner: unknown) =>
    isObject(inner)
      ? Object.fromEntries(
          Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );
}
