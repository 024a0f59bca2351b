import type { Change, ManifestSet, ManifestText } from '../../locate';
import { SlipwayError } from '../../report';
import { splitDocuments } from '../documents';
import { parseDocument } from '../parse-document';
import { editDocument } from './edit-document';
import { applySplices } from './splices';

/**
 * The texts of a set with changes in them: comments, order, quoting, anchors
 * and line ends stay, and all else of a text is the same byte for byte.
 * @param changes of each object of the set
 */
export function editManifests(
  set: ManifestSet,
  changes: readonly (readonly Change[])[],
): ManifestText[] {
  const byDocument = new Map<string, Change[]>();
  set.objects.forEach(({ text, document, path }, index) => {
    const ofObject = changes[index] ?? [];
    if (ofObject.length === 0) return;
    const key = `${text} ${document}`;
    const inDocument = ofObject.map((change) => ({
      ...change,
      path: [...path, ...change.path],
    }));
    byDocument.set(key, [...(byDocument.get(key) ?? []), ...inDocument]);
  });
  return set.texts.map((text, index) =>
    editText(text, (number) => byDocument.get(`${index} ${number}`) ?? []),
  );
}

/** One text with changes in it. @param changesOf a document, by its index */
export function editText(
  text: ManifestText,
  changesOf: (document: number) => readonly Change[],
): ManifestText {
  const spans = splitDocuments(text.text);
  if (!('length' in spans)) return text;
  const splices = spans.flatMap((span, number) => {
    const changes = changesOf(number);
    const document = changes.length > 0 && parseDocument(text, span, true);
    if (!document) return [];
    const part = text.text.slice(span.start, span.end);
    const edited = editDocument(part, document, changes, (made) =>
      reread({ ...text, text: made }),
    );
    return [{ ...span, text: edited }];
  });
  if (splices.length === 0) return text;
  return { ...text, text: applySplices(text.text, splices) };
}

/** @returns undefined for what cannot be read any more */
function reread(text: ManifestText) {
  try {
    return parseDocument(text, { start: 0, end: text.text.length });
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
