import type { Document } from 'yaml';
import { SlipwayError } from '../report';
import { editDocument } from './edit/edit-document';
import { parseDocument } from './parse-document';
import type { Change, JsonValue } from './types';
import { valueOf } from './value-of';

/** A text that holds YAML or JSON, opened. */
export interface NestedText {
  readonly value: JsonValue;
  /** The text with changes, and all else of it as it was. */
  edit(changes: readonly Change[]): string;
}

/**
 * JSON is read as YAML, which it is, and stays JSON.
 * @returns undefined for a text with nothing in it
 * @throws SLIPWAY_E_MANIFEST naming `origin`, and where in the text
 */
export function openNested(
  text: string,
  origin: string,
): NestedText | undefined {
  const document = parse(text, origin);
  if (!document) return undefined;
  return {
    value: valueOf(document),
    edit: (changes) =>
      editDocument(text, document, changes, (made) => {
        try {
          return parse(made, origin);
        } catch (error) {
          if (error instanceof SlipwayError) return undefined;
          throw error;
        }
      }),
  };
}

function parse(text: string, origin: string): Document | undefined {
  return parseDocument({ origin, text }, { start: 0, end: text.length });
}
