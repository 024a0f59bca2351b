import { formatPlatform, matchesPlatform, type Platform } from '../image';
import { SlipwayError } from '../report';

/** An image about to be deployed. */
export interface PlatformImage {
  /** As people know it. */
  readonly name: string;
  readonly platform: Platform;
}

/**
 * Refuses images that no node can run. Where nodes are of several kinds it is
 * for the pod's `nodeSelector` to choose, and nothing is refused.
 * @param nodes undefined: the user may not list them; none: they may come
 * @throws SLIPWAY_E_IMAGE_PLATFORM naming each
 */
export function assertRunnable(
  images: readonly PlatformImage[],
  nodes: readonly Platform[] | undefined,
): void {
  if (!nodes || nodes.length === 0) return;
  const refused = images.filter(
    ({ platform }) => !nodes.some((node) => matchesPlatform(platform, node)),
  );
  if (refused.length === 0) return;
  const kinds = [...new Set(nodes.map(formatPlatform))].sort();
  const list = refused
    .map(({ name, platform }) => `${name} is for ${formatPlatform(platform)}`)
    .join(', ');
  throw new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_PLATFORM',
    message: `no node of the cluster can run what is to be deployed: ${list}; the nodes are ${kinds.join(' and ')}.`,
    hint: `Set "platform": "${kinds[0]}" in the options of custom-build; the command sees it as SLIPWAY_PLATFORM and DOCKER_DEFAULT_PLATFORM.`,
  });
}
