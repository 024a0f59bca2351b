import { SlipwayError, nearest } from '../report';

/** @param served the names of all images that there are */
export function unknownImage(
  image: string,
  served: readonly string[],
): SlipwayError {
  const near = nearest(image, served);
  return new SlipwayError({
    code: 'SLIPWAY_E_USAGE',
    message: `no image called ${image} is served here.`,
    hint: near
      ? `Did you mean ${near}?`
      : `These are: ${served.join(', ') || 'none'}.`,
  });
}
