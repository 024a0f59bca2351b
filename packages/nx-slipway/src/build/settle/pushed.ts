import {
  contentId,
  familiarName,
  formatReference,
  identityOfInspect,
  pinnedOn,
  tagUnder,
  type ImageReference,
} from '../../image';
import { holds } from '../../registry';
import { SlipwayError } from '../../report';
import {
  contentTagOf,
  destinationOf,
  digestStanding,
  tagInRegistry,
} from '../destination';
import { findImage } from '../find-image';
import type { BuildPlan, SettledImage, TaggedReference } from '../plan';
import { imagePushed } from './in-registry';
import type { EndedAt } from './settle';

/**
 * `disablePush`: the image is in Docker, and the command has pushed it. What
 * the registry has under the content tag is deployed, else the manifest at
 * the ref pushed to is given it. Never a ref nobody pushed.
 */
export async function settlePushed({
  plan,
  systems,
  expected,
  phases,
}: EndedAt): Promise<SettledImage> {
  const { docker } = systems;
  const image = await findImage(docker, expected, plan);
  const id = contentId(identityOfInspect(image));
  const tag = contentTagOf(plan, id);
  // With a bare `tag` Docker has the builder's own name, the registry the
  // mapped one.
  const destination = destinationOf(plan, systems);
  const { name } = destination;
  const at = { ...name.local, tag: pushedTag(plan, expected) };
  await phases.measure('tag', () =>
    docker.tag(image.Id, familiarName(name.local), tag),
  );
  const digest = await phases.measure('verify', async () => {
    const standing = await digestStanding(destination, tag, id, systems);
    if (standing) return standing;
    const pushed = await imagePushed(destination, at, plan);
    if (!holds(pushed, id)) throw olderPush(at);
    return tagInRegistry(destination, tag, pushed, systems);
  });
  return { contentId: id, deployRef: pinnedOn(name, tag, digest, plan.pin) };
}

/** With a bare `tag` and `singleName` the registry's has the name in front. */
function pushedTag(
  { source, imageName, registry }: BuildPlan,
  { tag }: TaggedReference,
): string {
  return source.kind === 'tag' ? tagUnder(imageName, registry, tag) : tag;
}

/** What was pushed must be what Docker has now (design 2.3). */
export function olderPush(ref: ImageReference): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_NOT_PUSHED',
    message: `the registry has ${formatReference(ref)}, but with another content than Docker has: an older push.`,
    hint: 'With disablePush the command must push what it has just built. To let nx-slipway push it, leave out disablePush.',
  });
}
