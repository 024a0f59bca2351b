import type { DockerEngine, InspectedImage } from '../docker';
import {
  formatPlatform,
  formatReference,
  matchesPlatform,
  type ImageReference,
  type Platform,
} from '../image';
import { SlipwayError } from '../report';

/**
 * The image that the command was to leave in Docker, verified to be there and
 * to be for the platform that was asked for.
 * @throws SLIPWAY_E_IMAGE_NOT_FOUND, SLIPWAY_E_IMAGE_PLATFORM
 */
export async function findImage(
  docker: DockerEngine,
  expected: ImageReference,
  wanted: Platform,
): Promise<InspectedImage> {
  const ref = formatReference(expected);
  const image = await docker.inspect(ref);
  if (!image) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
      message: `the command ended well, but there is no image ${ref} in Docker at ${docker.address}.`,
      hint: 'The command must tag what it builds as $EXPECTED_REF in that Docker, for example docker build -t $EXPECTED_REF .',
    });
  }
  const found: Platform = {
    os: image.Os ?? '',
    architecture: image.Architecture ?? '',
    variant: image.Variant || undefined,
  };
  if (matchesPlatform(found, wanted)) return image;
  throw new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_PLATFORM',
    message: `the command built ${ref} for ${formatPlatform(found)}, but ${formatPlatform(wanted)} was asked for.`,
    hint: 'Set the option platform to what the command builds, or let the command build $SLIPWAY_PLATFORM.',
  });
}
