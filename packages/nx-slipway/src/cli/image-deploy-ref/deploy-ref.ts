import {
  canonicalName,
  contentTag,
  familiarName,
  formatReference,
  isUnder,
  mapToRegistry,
  nameInTag,
  parseReference,
  pinnedOn,
  swapHost,
  taggedOn,
  tagUnder,
  type DeployRef,
  type ImageRecord,
  type ImageReference,
} from '../../image';
import type { RegistryImage } from '../../registry';
import { SlipwayError } from '../../report';
import type { DeployNaming } from '../../settings';
import type { Delivery } from './builds';
import type { Registries } from './registries';

export interface Looking {
  readonly naming: DeployNaming;
  readonly registries: Pick<Registries, 'read'>;
  readonly warn: (line: string) => void;
  /**
   * Is told of a ref that the registry should have. There is none in a build
   * command, where nothing need be pushed yet.
   */
  readonly onMissing?: (ref: string) => void;
}

/**
 * The ref by which the content is deployed. With a digest if the registry in
 * force has it under its content tag: anything else there is not what the tag
 * says. Without one the tag alone names the same image.
 * @param name of the image, mapped to the registry or not
 */
export async function refOfContent(
  name: ImageReference,
  contentId: string,
  looking: Looking,
): Promise<DeployRef> {
  const { registry } = looking.naming;
  const at = mapToRegistry(name, registry);
  const tag = tagOfContent(name, contentId, looking.naming);
  return registry ? pinnedIn(at, tag, contentId, looking) : taggedOn(at, tag);
}

/** With the digest that stands there under the tag, if `pin` wants one. */
async function pinnedIn(
  at: DeployRef,
  tag: string,
  contentId: string,
  looking: Looking,
): Promise<DeployRef> {
  const { pin } = looking.naming;
  const found =
    pin === 'tag'
      ? undefined
      : await standing(at.local, tag, contentId, looking);
  return pinnedOn(at, tag, found?.digest, pin);
}

/**
 * The ref of an image record, by what its target says of delivery. A record
 * can come out of a cache where its image is not: then a line says so.
 */
export async function refOfRecord(
  record: ImageRecord,
  delivery: Delivery,
  given: Looking,
): Promise<DeployRef> {
  const onMissing = (ref: string) =>
    given.warn(
      `the registry does not have ${ref}. nx run ${delivery.task} --skip-nx-cache builds it again and pushes it to the registry of that task.`,
    );
  const looking = { ...given, onMissing };
  const { name, contentId, ref } = record;
  const { registry } = looking.naming;
  const image = parseReference(name);
  if (ref !== undefined) {
    return refOfWritten(parseReference(ref), record, delivery, looking);
  }
  const { to } = delivery;
  const at = to
    ? swapHost({ domain: to.domain, path: to.path }, registry)
    : mapToRegistry(image, registry);
  const tag = tagOfContent(image, contentId, looking.naming);
  return delivery.by === 'nobody'
    ? taggedOn(at, tag)
    : pinnedIn(at, tag, contentId, looking);
}

/**
 * With `outputsImageRefTo` that is the ref that the command wrote, if a registry
 * has it; what is in Docker alone goes by content.
 */
async function refOfWritten(
  written: ImageReference,
  { name, contentId }: ImageRecord,
  { by }: Delivery,
  looking: Looking,
): Promise<DeployRef> {
  const { registry, pin, tagPrefix } = looking.naming;
  const { domain, path, tag, digest } = written;
  if (by === 'nobody') {
    const kept = { domain, path, tag: contentTag(contentId, tagPrefix) };
    return swapHost(tag === undefined ? written : kept, registry);
  }
  // What we push from Docker goes to the registry in force, and nowhere else.
  const isMoved = by === 'us' && registry && !isUnder(written, registry);
  const reference = digest ?? tag ?? '';
  // With a registry its content tag is still to be asked for.
  const first = registry ? { ...looking, onMissing: undefined } : looking;
  const found = isMoved
    ? undefined
    : await standing(written, reference, contentId, first);
  if (!found) {
    const image = registry ? parseReference(name) : written;
    return refOfContent(image, contentId, looking);
  }
  return pinnedOn(swapHost({ domain, path }, registry), tag, found.digest, pin);
}

/** What stands there, if it is of that content. */
async function standing(
  name: ImageReference,
  reference: string,
  contentId: string,
  { registries, warn, onMissing }: Looking,
): Promise<RegistryImage | undefined> {
  const mark = reference.includes(':') ? '@' : ':';
  const there = `${familiarName(name)}${mark}${reference}`;
  try {
    const image = await registries.read(name, reference);
    if (!image) {
      onMissing?.(there);
      return undefined;
    }
    // Loaded by now, if at all.
    const { holds } = await import('../../registry');
    if (holds(image, contentId)) return image;
    warn(`what stands under ${there} is not that image: no digest is known.`);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    // The tag alone is right, too, and a build must not wait for a registry.
    warn(
      `${there} could not be looked up, so the ref has no digest: ${error.message}`,
    );
  }
  return undefined;
}

/**
 * Under `singleName` the tag says which image it is, and so does that of every
 * ref in that repository; of other names it is made.
 */
function tagOfContent(
  name: ImageReference,
  contentId: string,
  { registry, tagPrefix, imageName }: DeployNaming,
): string {
  const tag = contentTag(contentId, tagPrefix);
  if (!registry?.singleName || !isMapped(name, registry)) {
    return tagUnder(name, registry, tag);
  }
  const given = name.tag ?? '';
  if (imageName && given.startsWith(`${nameInTag(imageName)}-`)) {
    return tagUnder(imageName, registry, tag);
  }
  const prefix = prefixOf(given, tagPrefix);
  if (prefix !== undefined) return `${prefix}-${tag}`;
  throw new SlipwayError({
    code: 'SLIPWAY_E_REF_INVALID',
    message: `"${formatReference(name)}" stands in the repository of all images (singleName), and its tag does not say which image it is.`,
    hint: 'Give the image name, as in the option ref.',
  });
}

/** Whether a name is one that the registry's mapping gives, on either side. */
function isMapped(
  name: ImageReference,
  registry: NonNullable<DeployNaming['registry']>,
): boolean {
  const { local, cluster } = mapToRegistry(name, registry);
  return [local, cluster].some(
    (mapped) => canonicalName(mapped) === canonicalName(name),
  );
}

/** What stands before a content tag, or before the tag of a running build. */
function prefixOf(tag: string, tagPrefix: string): string | undefined {
  const match = /^(.+?)-(?:build-)?[0-9a-f]{16}$/.exec(tag);
  const end = `-${tagPrefix}`;
  return match?.[1]?.endsWith(end) ? match[1].slice(0, -end.length) : undefined;
}
