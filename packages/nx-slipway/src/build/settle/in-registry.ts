import {
  formatPlatform,
  formatReference,
  matchesPlatform,
  pinnedOn,
  type ImageReference,
} from '../../image';
import { readImage, type RegistryImage } from '../../registry';
import { SlipwayError } from '../../report';
import {
  contentTagOf,
  destinationOf,
  digestStanding,
  tagInRegistry,
  type Destination,
} from '../destination';
import type { BuildPlan, SettledImage } from '../plan';
import type { EndedAt } from './settle';

/**
 * `skipsLocalDocker`: the command has pushed, from a store of its own. The
 * manifest in the registry gets the content tag, so the same content is the
 * same deploy ref; an index is tagged whole.
 */
export async function settleInRegistry({
  plan,
  systems,
  expected,
  phases,
}: EndedAt): Promise<SettledImage> {
  const destination = destinationOf(plan, systems);
  const image = await phases.measure('verify', () =>
    imagePushed(destination, expected, plan),
  );
  const tag = contentTagOf(plan, image.contentId);
  const digest = await phases.measure('tag', async () => {
    const { contentId } = image;
    return (
      (await digestStanding(destination, tag, contentId, systems)) ??
      (await tagInRegistry(destination, tag, image, systems))
    );
  });
  const deployRef = pinnedOn(destination.name, tag, digest, plan.pin);
  return { contentId: image.contentId, deployRef };
}

/**
 * What the registry has at the ref that the command pushed to.
 * @throws SLIPWAY_E_IMAGE_NOT_PUSHED, SLIPWAY_E_IMAGE_PLATFORM
 */
export async function imagePushed(
  { name, client }: Destination,
  ref: ImageReference,
  { platform, store }: BuildPlan,
): Promise<RegistryImage> {
  const shown = formatReference({
    ...name.local,
    tag: ref.tag,
    digest: ref.digest,
  });
  const reference = ref.digest ?? ref.tag ?? 'latest';
  const image = await readImage(client, name.local.path, reference);
  if (!image) {
    const flag = store === 'registry' ? 'skipsLocalDocker' : 'disablePush';
    throw new SlipwayError({
      code: 'SLIPWAY_E_IMAGE_NOT_PUSHED',
      message: `the command ended well, but the registry ${name.local.domain} has no image ${shown}.`,
      hint: `With ${flag} the command must push its image itself. If it leaves it in Docker for nx-slipway to push, leave out ${flag}.`,
    });
  }
  if (image.platforms.some((found) => matchesPlatform(found, platform))) {
    return image;
  }
  const found = image.platforms.map(formatPlatform).join(', ') || 'no platform';
  throw new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_PLATFORM',
    message: `the command pushed ${shown} for ${found}, but ${formatPlatform(platform)} was asked for.`,
    hint: 'Set the option platform to what the command builds, or let the command build $SLIPWAY_PLATFORM.',
  });
}
