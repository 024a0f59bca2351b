import { isCollection, isScalar, type Node } from 'yaml';
import type { JsonValue } from '../../locate';
import { jsonText } from '../json-text';
import { likeScalar } from './scalar-text';
import type { Slot } from './slot';
import type { Splice } from './splices';

/** Of a text these say nothing that its quotes do not. */
const TAGS_OF_TEXTS = /^(?:tag:yaml\.org,2002:str$|!.)/;

/**
 * Puts a value in the place of a node that has a text of its own; its anchor
 * stays, and its tag if the value can have it.
 * @returns undefined if its place is not known
 */
export function valueSplices(
  text: string,
  node: Node,
  value: JsonValue,
  slot: Slot | undefined,
  eol: string,
): Splice[] | undefined {
  const splices = isBlock(node)
    ? blockSplices(text, node, value, slot, eol)
    : [inPlace(text, node, value, eol)];
  const { tag } = node;
  if (tag === undefined || !splices) return splices;
  if (typeof value === 'string' && TAGS_OF_TEXTS.test(tag)) return splices;
  return slot?.tag && [{ ...slot.tag, text: '' }, ...splices];
}

function isBlock(node: Node): boolean {
  return isCollection(node) && !node.flow;
}

function inPlace(
  text: string,
  node: Node,
  value: JsonValue,
  eol: string,
): Splice {
  const [start = 0, end = 0] = node.range ?? [];
  const source = text.slice(start, end);
  const written = isScalar(node)
    ? likeScalar(value, node, source, eol)
    : jsonText(value);
  // That of a block has its last line end in it.
  const isCut = source.endsWith('\n') && !written.endsWith('\n');
  return { start, end, text: isCut ? written + eol : written };
}

/** The lines of a list or a map go, and the value comes behind its key. */
function blockSplices(
  text: string,
  node: Node,
  value: JsonValue,
  slot: Slot | undefined,
  eol: string,
): Splice[] | undefined {
  const [start = 0, end = 0] = node.range ?? [];
  if (!slot) return undefined;
  const { at } = slot;
  if (!text.slice(at, start).includes('\n')) {
    return [inPlace(text, node, value, eol)];
  }
  const lines = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end - 1);
  const rest = newline < 0 ? text.length : newline + 1;
  return [
    { start: at, end: at, text: ` ${jsonText(value)}` },
    { start: lines, end: rest, text: '' },
  ];
}
