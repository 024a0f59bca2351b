import { SlipwayError } from '../report';
import { editText } from './edit';
import { readDocuments } from './read-documents';
import type { Change, JsonValue } from './types';

/** A document of a text that stands in an object. */
export interface NestedDocument {
  /** Index of it in its text, empty ones counted. */
  readonly number: number;
  readonly value: JsonValue;
}

/**
 * The documents of a text within an object. JSON is read as YAML, which it is.
 * @param where for the message: of which object, and where in it
 * @throws SLIPWAY_E_MANIFEST naming `where`, and the line and column in the text
 */
export function openNested(text: string, where: string): NestedDocument[] {
  try {
    return readDocuments({ origin: where, text });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw new SlipwayError({
      code: 'SLIPWAY_E_MANIFEST',
      message: error.message,
      hint: 'A locator in nx.json says that YAML or JSON stands there. Correct the text, or narrow the locator by apiVersion, kind and name.',
      cause: error,
    });
  }
}

/** Such a text with changes, and all else of it as it was; JSON stays JSON. */
export function editNested(
  text: string,
  changesOf: (document: number) => readonly Change[],
): string {
  return editText({ origin: '', text }, changesOf).text;
}
