import type { DockerInfo, InspectedImage, TaggedImage } from './engine';

/**
 * Docker's answers, read into what we rely on. Each gives undefined for what
 * has not the promised form: other daemons and proxies answer here too.
 */

type Json = Readonly<Record<string, unknown>>;

export function asImage(answer: unknown): InspectedImage | undefined {
  if (!isObject(answer) || !isText(answer.Id)) return undefined;
  return answer as unknown as InspectedImage;
}

/** Untagged images are left out, and so are tags that `matches` refuses. */
export function asTaggedImages(
  answer: unknown,
  matches: (ref: string) => boolean,
): TaggedImage[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  const images: TaggedImage[] = [];
  for (const entry of answer as unknown[]) {
    if (!isObject(entry) || !isText(entry.Id)) return undefined;
    const tags = texts(entry.RepoTags).filter(
      (ref) => !ref.startsWith('<none>') && matches(ref),
    );
    const bytes = typeof entry.Size === 'number' ? entry.Size : 0;
    if (tags.length > 0) images.push({ id: entry.Id, tags, bytes });
  }
  return images;
}

export function asImagesInUse(answer: unknown): Set<string> | undefined {
  if (!Array.isArray(answer)) return undefined;
  const used = new Set<string>();
  for (const entry of answer as unknown[]) {
    // Without the id nobody could say what is safe to remove.
    if (!isObject(entry) || !isText(entry.ImageID)) return undefined;
    used.add(entry.ImageID);
    if (isText(entry.Image)) used.add(entry.Image);
  }
  return used;
}

export function asInfo(info: unknown, version: unknown) {
  if (!isObject(info) || !isObject(version)) return undefined;
  if (!isText(info.ServerVersion) || !isText(version.ApiVersion)) {
    return undefined;
  }
  const read: DockerInfo = {
    version: info.ServerVersion,
    apiVersion: version.ApiVersion,
    machine: text(info.Name),
    kernelVersion: text(info.KernelVersion),
    operatingSystem: text(info.OperatingSystem),
    storageDriver: text(info.Driver),
    isContainerdStore: isContainerdStore(info.DriverStatus),
    architecture: text(info.Architecture),
    dockerRootDir: text(info.DockerRootDir) || undefined,
    insecureRegistries: insecureRegistries(info.RegistryConfig),
  };
  return read;
}

/** How the docs tell to recognise it: docs.docker.com/engine/storage/containerd */
function isContainerdStore(driverStatus: unknown): boolean {
  if (!Array.isArray(driverStatus)) return false;
  return driverStatus.some(
    (pair: unknown) =>
      Array.isArray(pair) &&
      pair[0] === 'driver-type' &&
      text(pair[1]).startsWith('io.containerd.snapshotter'),
  );
}

function insecureRegistries(config: unknown): string[] {
  if (!isObject(config)) return [];
  const indexes = isObject(config.IndexConfigs) ? config.IndexConfigs : {};
  const hosts = Object.entries(indexes)
    .filter(([, index]) => isObject(index) && index.Secure === false)
    .map(([host]) => host);
  return [...hosts, ...texts(config.InsecureRegistryCIDRs)];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isText) : [];
}
