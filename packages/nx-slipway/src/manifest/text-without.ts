import type { ManifestObject, ManifestText } from '../locate';
import { splitDocuments } from './documents';
import { applySplices } from './edit';

/** A text less the documents that some of its objects are. */
export function textWithout(
  text: ManifestText,
  objects: readonly ManifestObject[],
): ManifestText {
  const spans = splitDocuments(text.text);
  if (!('length' in spans)) return text;
  const gone = new Set(objects.map(({ document }) => document));
  const splices = spans
    .filter((_, index) => gone.has(index))
    .map((span) => ({ ...span, text: '' }));
  return { ...text, text: applySplices(text.text, splices) };
}
