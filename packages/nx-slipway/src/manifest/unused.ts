import { familiarName, formatReference, type ImageReference } from '../image';
import { nearest } from '../report';
import { findImages } from './inject';
import type { Locator } from './locators';
import { referenceOf } from './matcher';
import type { ManifestObject } from './types';

/** How many images of the manifests a warning lists. */
const MAX_LISTED = 5;

/**
 * What to say of images that were asked for and stand nowhere: a line each,
 * with the nearest name that does.
 */
export function unusedImageWarnings(
  unused: readonly ImageReference[],
  objects: readonly ManifestObject[],
  locators: readonly Locator[],
): string[] {
  if (unused.length === 0) return [];
  const texts = objects.flatMap((each) =>
    findImages(each, locators)
      .filter(({ isEnv }) => !isEnv)
      .map(({ text }) => text),
  );
  const names = new Set(
    texts.flatMap((text) => {
      const ref = referenceOf(text);
      return ref ? familiarName(ref) : [];
    }),
  );
  return unused.map((ref) => {
    const name = formatReference(ref);
    const lead = `no manifest uses the image ${name}`;
    if (names.size === 0) {
      return `${lead}: none of the ${objects.length} objects has an image. Where one stands in a kind of your own, a locator in nx.json tells.`;
    }
    const near = nearest(familiarName(ref), [...names]);
    if (near !== undefined) return `${lead}. Did you mean ${near}?`;
    const listed = [...names].sort().slice(0, MAX_LISTED).join(', ');
    const more = names.size > MAX_LISTED ? ' and others' : '';
    return `${lead}; they use ${listed}${more}.`;
  });
}
