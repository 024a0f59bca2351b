import type { Change, JsonValue } from './types';

/** A document of a text that stands in an object. */
export interface NestedDocument {
  /** Index of it in its text, empty ones counted. */
  readonly number: number;
  readonly value: JsonValue;
}

/**
 * What knows the texts that stand in objects. This room knows values alone:
 * whoever reads no YAML need not wait until a parser is loaded.
 */
export interface NestedTexts {
  /**
   * The documents of a text.
   * @param where for the message: of which object, and where in it
   * @throws SLIPWAY_E_MANIFEST naming `where`, and the line and column in the text
   */
  open(text: string, where: string): readonly NestedDocument[];
  /** A text with changes, and all else of it as it was. */
  edit(
    text: string,
    changesOf: (document: number) => readonly Change[],
  ): string;
}
