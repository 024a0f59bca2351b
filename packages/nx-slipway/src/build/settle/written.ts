import type { InspectedImage } from '../../docker';
import {
  contentId,
  contentTag,
  familiarName,
  formatReference,
  identityOfInspect,
  isUnder,
  pinnedOn,
  swapHost,
  type ImageReference,
  type OutputRef,
} from '../../image';
import { holds, readImage } from '../../registry';
import { destinationUnder, pushFromDocker } from '../destination';
import { findImage } from '../find-image';
import { readWrittenRef } from '../output-file';
import type { SettledImage } from '../plan';
import { trustInCluster } from './in-cluster';
import { deliverByContent } from './in-docker';
import { imagePushed } from './in-registry';
import { olderPush } from './pushed';
import type { Ended } from './settle';

/**
 * `outputsImageRefTo`: that very ref is deployed, wherever the command put its
 * image.
 */
export async function settleWritten(ended: Ended): Promise<SettledImage> {
  const written = await readWrittenRef(ended.plan);
  switch (ended.plan.store) {
    case 'docker':
      return inDocker(ended, written);
    case 'docker-and-registry':
      return pushedToo(ended, written);
    case 'registry':
      return inRegistry(ended, written.ref);
    case 'cluster':
      return {
        ...(await trustInCluster(ended, written.ref)),
        ref: written.ref,
      };
  }
}

async function inRegistry(
  { plan, systems, phases }: Ended,
  ref: ImageReference,
  inDocker?: string,
): Promise<SettledImage> {
  const destination = destinationUnder(ref, plan, systems);
  const image = await phases.measure('verify', () =>
    imagePushed(destination, ref, plan),
  );
  const id = inDocker ?? image.contentId;
  if (!holds(image, id)) throw olderPush(ref);
  const { digest } = image;
  const deployRef = pinnedOn(destination.name, ref.tag, digest, plan.pin);
  return { contentId: id, deployRef, ref };
}

async function pushedToo(
  ended: Ended,
  written: OutputRef,
): Promise<SettledImage> {
  const { image, ref } = await inspectWritten(ended, written);
  return inRegistry(ended, ref, contentId(identityOfInspect(image)));
}

/**
 * With no registry a tag is replaced by the content tag, for nothing else
 * makes it immutable. A ref outside of the registry in force is delivered to
 * it as any image in Docker is.
 */
async function inDocker(
  ended: Ended,
  written: OutputRef,
): Promise<SettledImage> {
  const { plan } = ended;
  const { image, ref } = await inspectWritten(ended, written);
  if (!plan.push) return { ...(await keptInDocker(ended, image, ref)), ref };
  if (plan.registry && !isUnder(ref, plan.registry)) {
    return { ...(await deliverByContent(ended, image)), ref };
  }
  return deliverWritten(ended, image, ref);
}

async function keptInDocker(
  { plan, systems }: Ended,
  image: InspectedImage,
  ref: ImageReference,
): Promise<SettledImage> {
  const id = contentId(identityOfInspect(image));
  const { registry, tagPrefix } = plan;
  if (ref.tag === undefined) {
    return { contentId: id, deployRef: swapHost(ref, registry) };
  }
  const tag = contentTag(id, tagPrefix);
  const { domain, path } = ref;
  await systems.docker.tag(image.Id, familiarName(ref), tag);
  return {
    contentId: id,
    deployRef: swapHost({ domain, path, tag }, registry),
  };
}

/** That very ref, pushed unless the registry has the same there. */
async function deliverWritten(
  ended: Ended,
  image: InspectedImage,
  ref: ImageReference,
): Promise<SettledImage> {
  const { plan, systems, phases } = ended;
  const id = contentId(identityOfInspect(image));
  const destination = destinationUnder(ref, plan, systems);
  const { name, client } = destination;
  const { tag } = ref;
  const standing = await phases.measure('verify', () =>
    readImage(client, name.local.path, ref.digest ?? tag ?? ''),
  );
  const isThere = standing !== undefined && holds(standing, id);
  // A digest alone cannot be pushed to.
  if (!isThere && tag === undefined) {
    return { ...(await deliverByContent(ended, image)), ref };
  }
  const digest = isThere
    ? standing.digest
    : await phases.measure('push', () =>
        pushFromDocker(destination, tag ?? '', systems),
      );
  const deployRef = pinnedOn(name, tag, digest, plan.pin);
  return { contentId: id, deployRef, ref };
}

/**
 * The image in Docker that the ref names. Builders' metadata files have the
 * digest that a registry would know it by; Docker, which has not pushed it,
 * knows the tag alone.
 */
async function inspectWritten(
  { plan, systems }: Ended,
  { ref, kind }: OutputRef,
): Promise<{ image: InspectedImage; ref: ImageReference }> {
  const { docker } = systems;
  const known =
    kind === 'text' ||
    (await docker.inspect(formatReference(ref))) !== undefined;
  const asked =
    known || ref.tag === undefined ? ref : { ...ref, digest: undefined };
  return { image: await findImage(docker, asked, plan), ref: asked };
}
