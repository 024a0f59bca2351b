import type { DockerEngine, InspectedImage } from '../docker';
import {
  formatPlatform,
  formatReference,
  matchesPlatform,
  type ImageReference,
  type Platform,
} from '../image';
import { SlipwayError } from '../report';
import type { BuildPlan, RefSource } from './plan';

const TAGGED =
  'With the option tag the command must always tag what it builds like that, in that Docker. If it can be told a ref, leave out tag and let it build $EXPECTED_REF.';

/** What the command has to do, by how it knows the ref. */
const HINTS: Readonly<Record<RefSource['kind'], string>> = {
  expected:
    'The command must tag what it builds as $EXPECTED_REF in that Docker, for example docker build -t $EXPECTED_REF .',
  tag: TAGGED,
  ref: TAGGED,
  file: 'The command wrote that ref to the file of outputsImageRefTo, so it must leave its image there. If it pushes from a store of its own, set skipsLocalDocker.',
};

/**
 * The image that the command was to leave in Docker, verified to be there and
 * to be for the platform that was asked for.
 * @throws SLIPWAY_E_IMAGE_NOT_FOUND, SLIPWAY_E_IMAGE_PLATFORM
 */
export async function findImage(
  docker: Pick<DockerEngine, 'address' | 'inspect'>,
  expected: ImageReference,
  { platform: wanted, source }: Pick<BuildPlan, 'platform' | 'source'>,
): Promise<InspectedImage> {
  const ref = formatReference(expected);
  const image = await docker.inspect(ref);
  if (!image) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
      message: `the command ended well, but there is no image ${ref} in Docker at ${docker.address}.`,
      hint: HINTS[source.kind],
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
