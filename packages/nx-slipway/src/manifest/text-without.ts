import { splitDocuments } from './documents';
import type { ManifestObject, ManifestText } from './types';

/** A text less the documents that some of its objects are. */
export function textWithout(
  text: ManifestText,
  objects: readonly ManifestObject[],
): ManifestText {
  const spans = splitDocuments(text.text);
  if (!('length' in spans)) return text;
  const gone = new Set(objects.map(({ document }) => document));
  let done = 0;
  let kept = '';
  spans.forEach(({ start, end }, index) => {
    if (!gone.has(index)) return;
    kept += text.text.slice(done, start);
    done = end;
  });
  return { ...text, text: kept + text.text.slice(done) };
}
