import { isMap, type Node, type Pair, type YAMLMap } from 'yaml';
import { keyText } from '../value-of';
import type { JsonValue } from '../types';
import { flowText, plainText } from './scalar-text';
import type { Splice } from './splices';

type MapPair = Pair<Node, Node | null>;

/** What people write these after. */
const SIBLINGS = ['image', 'reference'];

/**
 * A key that a map has not: after the image, where there is one and no merge
 * comes later, which would win over it; else at the end.
 * @returns undefined for a map that has nothing to go by
 */
export function insertKey(
  text: string,
  map: YAMLMap,
  key: string,
  value: JsonValue,
  eol: string,
): Splice | undefined {
  const pairs = map.items as MapPair[];
  const after = pairs.find(isSibling) ?? pairs.at(-1);
  const last = pairs.some(isMergePair) ? pairs.at(-1) : after;
  if (!last) return emptyMap(text, map, key, value);
  const start = last.key.range?.[0] ?? 0;
  const end = (last.value ?? last.key).range?.[1] ?? start;
  return map.flow
    ? inFlow(text, last, key, value, end, eol)
    : inBlock(text, start, key, value, end, eol);
}

function isSibling({ key }: MapPair): boolean {
  return SIBLINGS.includes(keyText(key));
}

function isMergePair({ key }: MapPair): boolean {
  return keyText(key) === '<<';
}

function emptyMap(
  text: string,
  map: YAMLMap,
  key: string,
  value: JsonValue,
): Splice | undefined {
  const [start = 0, end = 0] = map.range ?? [];
  if (!isMap(map) || text.charAt(start) !== '{') return undefined;
  return { start, end, text: `{${flowText(key)}: ${flowText(value)}}` };
}

function inFlow(
  text: string,
  last: MapPair,
  key: string,
  value: JsonValue,
  end: number,
  eol: string,
): Splice {
  const isQuoted = (last.key as { type?: string }).type === 'QUOTE_DOUBLE';
  const entry = isQuoted
    ? `${flowText(key)}: ${flowText(value)}`
    : `${key}: ${plainText(value)}`;
  const start = last.key.range?.[0] ?? 0;
  const lead = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const isOwnLine =
    lead.trim() === '' && text.lastIndexOf('\n', start - 1) >= 0;
  const between = isOwnLine ? `,${eol}${lead}` : ', ';
  return { start: end, end, text: `${between}${entry}` };
}

function inBlock(
  text: string,
  start: number,
  key: string,
  value: JsonValue,
  end: number,
  eol: string,
): Splice {
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const entry = `${' '.repeat(column)}${key}: ${plainText(value)}`;
  if (text.charAt(end - 1) === '\n') {
    return { start: end, end, text: `${entry}${eol}` };
  }
  // After a comment of that line.
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline;
  const at = text.charAt(lineEnd - 1) === '\r' ? lineEnd - 1 : lineEnd;
  return { start: at, end: at, text: `${eol}${entry}` };
}
