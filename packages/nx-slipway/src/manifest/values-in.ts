import { SlipwayError } from '../report';
import type { JsonValue } from '../locate';
import { readDocuments } from './read-documents';

/**
 * The values of a text, as kubectl reads it: none if it is no YAML, for those
 * who only look for something in it.
 */
export function valuesIn(origin: string, text: string): JsonValue[] {
  try {
    return readDocuments({ origin, text }).map(({ value }) => value);
  } catch (error) {
    if (error instanceof SlipwayError) return [];
    throw error;
  }
}
