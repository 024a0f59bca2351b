import {
  isAlias,
  isMap,
  isSeq,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import type { JsonPath } from '../locate';
import { isMerge, keyText } from './value-of';

/**
 * The node that stands at a path, where it stands there itself: not through an
 * alias, nor by a merge.
 */
export function nodeAt(
  document: Document,
  path: JsonPath,
): Node | null | undefined {
  let node = document.contents;
  for (const key of path) {
    if (isAlias(node) || node === null) return undefined;
    const next = childOf(node, key);
    if (next === undefined) return undefined;
    node = next;
  }
  return node;
}

function childOf(node: Node, key: string | number) {
  if (isSeq(node) && typeof key === 'number') {
    return node.items[key] as Node | null | undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = pairOf(node.items as Pair<Node, Node | null>[], String(key));
  return pair && (pair.value ?? null);
}

/** The last of that key counts. */
function pairOf(
  pairs: readonly Pair<Node, Node | null>[],
  key: string,
): Pair<Node, Node | null> | undefined {
  return pairs
    .filter((pair) => !isMerge(pair) && keyText(pair.key) === key)
    .at(-1);
}
