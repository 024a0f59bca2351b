import { type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { JsonValue } from '../../locate';
import { isMerge, keyText } from '../value-of';
import { jsonText } from '../json-text';
import { keyLike, plainText } from './scalar-text';
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
  const last = pairs.some(isMerge) ? pairs.at(-1) : after;
  if (!last) return undefined;
  const end = (last.value ?? last.key).range?.[1] ?? 0;
  return map.flow
    ? inFlow(text, last, key, value, end, eol)
    : inBlock(text, map, last, key, value, end, eol);
}

function isSibling({ key }: MapPair): boolean {
  return SIBLINGS.includes(keyText(key));
}

function inFlow(
  text: string,
  last: MapPair,
  key: string,
  value: JsonValue,
  end: number,
  eol: string,
): Splice {
  const isJson = (last.key as Scalar).type === 'QUOTE_DOUBLE';
  const written = isJson ? jsonText(value) : plainText(value);
  const entry = `${keyLike(key, last.key as Scalar)}: ${written}`;
  const start = last.key.range?.[0] ?? 0;
  const lead = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const isOwnLine =
    lead.trim() === '' && text.lastIndexOf('\n', start - 1) >= 0;
  const between = isOwnLine ? `,${eol}${lead}` : ', ';
  return { start: end, end, text: `${between}${entry}` };
}

function inBlock(
  text: string,
  map: YAMLMap,
  last: MapPair,
  key: string,
  value: JsonValue,
  end: number,
  eol: string,
): Splice | undefined {
  const { srcToken } = map;
  if (srcToken?.type !== 'block-map') return undefined;
  const entry = `${' '.repeat(srcToken.indent)}${keyLike(key, last.key as Scalar)}: ${plainText(value)}`;
  // After a comment of that line.
  const newline = text.indexOf('\n', end - 1);
  return newline < 0
    ? { start: text.length, end: text.length, text: `${eol}${entry}` }
    : { start: newline + 1, end: newline + 1, text: `${entry}${eol}` };
}
