import {
  familiarName,
  formatReference,
  referenceIn,
  type ImageReference,
} from '../image';
import { nearest } from '../report';
import { findImages } from './inject';
import type { Locator } from './locators';
import type { NestedTexts } from './nested-texts';
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
  texts: NestedTexts,
): string[] {
  if (unused.length === 0) return [];
  const images = objects.flatMap((each) =>
    findImages(each, locators, texts)
      .filter(({ isEnv }) => !isEnv)
      .map(({ text }) => text),
  );
  const byName = new Map<string, Set<string>>();
  for (const text of images) {
    const ref = referenceIn(text);
    if (!ref) continue;
    const name = familiarName(ref);
    byName.set(name, (byName.get(name) ?? new Set()).add(text));
  }
  const names = [...byName.keys()].sort();
  return unused.map((ref) => {
    const lead = `no manifest uses the image ${formatReference(ref)}`;
    if (names.length === 0) {
      return `${lead}: none of the ${objects.length} objects has an image. Where one stands in a kind of your own, a locator in nx.json tells.`;
    }
    const same = byName.get(familiarName(ref));
    if (same) {
      return `${lead}. Of that name they use ${listed([...same].sort())}; a ref with a tag, and every ref of a name that is built with several, stands only for itself.`;
    }
    const near = nearest(familiarName(ref), names);
    if (near !== undefined) return `${lead}. Did you mean ${near}?`;
    return `${lead}; they use ${listed(names)}.`;
  });
}

function listed(texts: readonly string[]): string {
  const more = texts.length > MAX_LISTED ? ' and others' : '';
  return `${texts.slice(0, MAX_LISTED).join(', ')}${more}`;
}
