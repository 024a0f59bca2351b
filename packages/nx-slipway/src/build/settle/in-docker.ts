import {
  contentId,
  familiarName,
  identityOfInspect,
  mapToRegistry,
  pinnedOn,
  taggedOn,
} from '../../image';
import type { InspectedImage } from '../../docker';
import {
  contentTagOf,
  destinationOf,
  digestStanding,
  pushFromDocker,
} from '../destination';
import { findImage } from '../find-image';
import type { SettledImage } from '../plan';
import { together } from '../together';
import type { Ended, EndedAt } from './settle';

/** The default mode: retagged by content, and pushed if the registry lacks it. */
export async function settleInDocker(ended: EndedAt): Promise<SettledImage> {
  const { plan, systems, expected } = ended;
  const image = await findImage(systems.docker, expected, plan);
  return deliverByContent(ended, image);
}

/**
 * Gives an image in Docker its content tag, and makes sure that the registry
 * has under that tag what Docker has. A manifest that stands there wins,
 * whatever its bytes: one HEAD request, and a ref that was deployed before
 * stays as it is (design 2.3).
 */
export async function deliverByContent(
  { plan, systems, phases }: Ended,
  image: InspectedImage,
): Promise<SettledImage> {
  const { docker, reporter } = systems;
  const id = contentId(identityOfInspect(image));
  const tag = contentTagOf(plan, id);
  const name = mapToRegistry(plan.imageName, plan.registry);
  const tagIt = () => docker.tag(image.Id, familiarName(name.local), tag);
  if (!plan.push) {
    await phases.measure('tag', tagIt);
    return { contentId: id, deployRef: taggedOn(name, tag) };
  }
  const destination = destinationOf(plan, systems);
  const [, standing] = await phases.measure('tag', () =>
    together(tagIt(), digestStanding(destination, tag, id, systems)),
  );
  if (standing) {
    const { domain, path } = name.local;
    reporter.info(`${domain} has ${path}:${tag} already`);
  }
  const digest =
    standing ??
    (await phases.measure('push', () =>
      pushFromDocker(destination, tag, systems),
    ));
  const deployRef = pinnedOn(name, tag, digest, plan.pin);
  return { contentId: id, deployRef };
}
