import type { NestedDocument, NestedTexts } from '../locate';
import { SlipwayError } from '../report';
import { editText } from './edit';
import { readDocuments } from './read-documents';

/** JSON is read as YAML, which it is, and stays JSON. */
export const NESTED_TEXTS: NestedTexts = {
  open: openNested,
  edit: (text, changesOf) => editText({ origin: '', text }, changesOf).text,
};

function openNested(text: string, where: string): NestedDocument[] {
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
