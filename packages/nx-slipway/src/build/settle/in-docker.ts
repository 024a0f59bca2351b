import {
  contentId,
  familiarName,
  identityOfInspect,
  mapToRegistry,
  type DeployRef,
} from '../../image';
import type { InspectedImage } from '../../docker';
import {
  contentTagOf,
  destinationOf,
  digestStanding,
  pinnedOn,
  pushFromDocker,
} from '../destination';
import { findImage } from '../find-image';
import type { BuildPlan, SettledImage } from '../plan';
import type { BuildSystems } from '../systems';
import type { Ended, EndedAt } from './settle';

/** The default mode: retagged by content, and pushed if the registry lacks it. */
export async function settleInDocker(ended: EndedAt): Promise<SettledImage> {
  const { plan, systems, expected } = ended;
  const image = await findImage(systems.docker, expected, plan.platform);
  return deliverByContent(ended, image);
}

/** Gives an image in Docker its content tag, and brings it where it is deployed from. */
export async function deliverByContent(
  { plan, systems, phases }: Ended,
  image: InspectedImage,
): Promise<SettledImage> {
  const { docker } = systems;
  const id = contentId(identityOfInspect(image));
  const tag = contentTagOf(plan, id);
  const name = mapToRegistry(plan.imageName, plan.registry);
  await phases.measure('tag', () =>
    docker.tag(image.Id, familiarName(name.local), tag),
  );
  if (!plan.push) return { contentId: id, deployRef: taggedOn(name, tag) };
  const deployRef = await phases.measure('push', () =>
    deliver(plan, systems, tag, id),
  );
  return { contentId: id, deployRef };
}

/**
 * Makes sure that the registry has under the content tag what Docker has. A
 * manifest that stands there wins, whatever its bytes: one HEAD request, and a
 * ref that was deployed before stays as it is (design 2.3).
 */
export async function deliver(
  plan: BuildPlan,
  systems: BuildSystems,
  tag: string,
  id: string,
): Promise<DeployRef> {
  const destination = destinationOf(plan, systems);
  const { local } = destination.name;
  const standing = await digestStanding(destination, tag, id, systems);
  if (standing) {
    systems.reporter.info(`${local.domain} has ${local.path}:${tag} already`);
  }
  const digest = standing ?? (await pushFromDocker(destination, tag, systems));
  return pinnedOn(destination.name, plan, tag, digest);
}

export function taggedOn(
  { local, cluster }: DeployRef,
  tag: string,
): DeployRef {
  return { local: { ...local, tag }, cluster: { ...cluster, tag } };
}
