import { isDeepStrictEqual } from 'node:util';
import type { Document } from 'yaml';
import { applyChanges, type Change } from '../../locate';
import { valueOf, valuesOf } from '../value-of';
import { jsonText } from '../json-text';
import { Editor } from './editor';

/**
 * One document with changes, and all else of it as it was, byte for byte.
 * @param document of the text, with its tokens
 * @param reread parses what was made of it, to see that it says what it must
 */
export function editDocument(
  text: string,
  document: Document,
  changes: readonly Change[],
  reread: (text: string) => Document | undefined,
): string {
  const { contents } = document;
  if (changes.length === 0 || contents === null) return text;
  const before = valuesOf(document);
  const wanted = applyChanges(before.get(contents) ?? null, changes);
  const edited = new Editor(text, before).edit(contents, wanted);
  const again = edited === undefined ? undefined : reread(edited);
  if (again && edited !== undefined) {
    if (isDeepStrictEqual(valueOf(again), wanted)) return edited;
  }
  // Rather without its comments than wrong: merges and anchors can be knotted
  // so that no single place can be changed.
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return `${jsonText(wanted, 2)}\n`.replaceAll('\n', eol);
}
