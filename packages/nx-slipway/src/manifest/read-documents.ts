import type { Document } from 'yaml';
import type { JsonValue, ManifestText } from '../locate';
import { splitDocuments, type DocumentSpan } from './documents';
import { manifestError } from './manifest-error';
import { MAX_TEXT, parseDocument } from './parse-document';
import { NodeError, valueOf } from './value-of';

/** A document of a text that holds something. */
export interface ReadDocument {
  /** Index of it in the text, empty ones counted. */
  readonly number: number;
  readonly span: DocumentSpan;
  readonly document: Document;
  readonly value: JsonValue;
}

/**
 * The documents of a text, as kubectl parts and reads them.
 * @throws SLIPWAY_E_MANIFEST with origin, line and column
 */
export function readDocuments(text: ManifestText): ReadDocument[] {
  if (text.text.length > MAX_TEXT) {
    throw manifestError(text, 0, `it is larger than ${MAX_TEXT} characters`);
  }
  const spans = splitDocuments(text.text);
  if (!('length' in spans)) {
    throw manifestError(text, spans.offset, spans.what);
  }
  return spans.flatMap((span, number) => {
    const document = parseDocument(text, span);
    if (!document) return [];
    const value = read(text, document, span.start);
    return value === null ? [] : [{ number, span, document, value }];
  });
}

function read(text: ManifestText, document: Document, start: number) {
  try {
    return valueOf(document);
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const offset = start + (error.node?.range?.[0] ?? 0);
    throw manifestError(text, offset, error.message);
  }
}
