import { isDeepStrictEqual } from 'node:util';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { applyChanges, valueAt } from '../apply-changes';
import { pairOf } from '../node-at';
import type { Change, JsonPath, JsonValue } from '../types';
import { isMerge, keyText, valueOf } from '../value-of';
import { insertKey } from './insert-key';
import { flowText, likeScalar } from './scalar-text';
import { applySplices, type Splice } from './splices';

/**
 * One document with changes, and all else of it as it was, byte for byte.
 * @param reread parses what was made of it, to see that it says what it must
 * @param document of the text
 */
export function editDocument(
  text: string,
  document: Document,
  changes: readonly Change[],
  reread: (text: string) => Document | undefined,
): string {
  if (changes.length === 0) return text;
  const before = valueOf(document);
  const wanted = applyChanges(before, changes);
  const edited = new Editor(text, document, before, wanted).edit(changes);
  const again = edited === undefined ? undefined : reread(edited);
  if (again && edited && isDeepStrictEqual(valueOf(again), wanted)) {
    return edited;
  }
  // Rather without its comments than wrong: merges and anchors can be knotted
  // so that no single place can be changed.
  return `${JSON.stringify(wanted, null, 2)}\n`;
}

class Editor {
  private readonly splices: Splice[] = [];
  private readonly eol: string;

  constructor(
    private readonly text: string,
    private readonly document: Document,
    private readonly before: JsonValue,
    private readonly wanted: JsonValue,
  ) {
    this.eol = text.includes('\r\n') ? '\r\n' : '\n';
  }

  /** @returns undefined if a change could not be made in place */
  edit(changes: readonly Change[]): string | undefined {
    for (const { path } of changes) {
      if (!this.change(path)) return undefined;
    }
    this.writeAliases();
    return applySplices(this.text, this.splices);
  }

  private change(path: JsonPath): boolean {
    let node = this.document.contents;
    for (const [depth, key] of path.entries()) {
      if (node === null) return false;
      if (isAlias(node)) return true;
      const next = this.step(node, path.slice(0, depth), key);
      if (typeof next === 'boolean') return next;
      node = next;
    }
    return node !== null && (isAlias(node) || this.replace(node, path));
  }

  /** @returns the child, or whether what is not there could be inserted */
  private step(
    node: Node,
    at: JsonPath,
    key: string | number,
  ): Node | null | boolean {
    if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | null | undefined;
      return item ?? false;
    }
    if (!isMap(node)) return false;
    const pair = pairOf(node.items as Pair<Node, Node | null>[], String(key));
    if (pair?.value && hasText(pair.value)) return pair.value;
    const value = this.wantedAt([...at, key]);
    if (pair) return this.fill(pair, value);
    const splice = insertKey(this.text, node, String(key), value, this.eol);
    if (splice) this.splices.push(splice);
    return splice !== undefined;
  }

  /** A key that stands there without a value. */
  private fill({ key }: Pair<Node, Node | null>, value: JsonValue): boolean {
    const colon = this.text.indexOf(':', key.range?.[1] ?? 0);
    if (colon < 0) return false;
    const at = colon + 1;
    this.splices.push({ start: at, end: at, text: ` ${flowText(value)}` });
    return true;
  }

  private replace(node: Node, path: JsonPath): boolean {
    const [start = 0, end = 0] = node.range ?? [];
    const value = this.wantedAt(path);
    if (isScalar(node)) {
      const source = this.text.slice(start, end);
      const text = likeScalar(value, node, source, this.eol);
      this.splices.push({ start, end, text });
      return true;
    }
    const isBlock = !(node as { flow?: boolean }).flow;
    // A list may stand as far left as its key, where no flow may.
    const from = isBlock ? this.afterColon(start) : start;
    if (from === undefined) return false;
    const isEnded = this.text.charAt(end - 1) === '\n';
    const text = `${isBlock ? ' ' : ''}${flowText(value)}${isEnded ? this.eol : ''}`;
    this.splices.push({ start: from, end, text });
    return true;
  }

  private afterColon(start: number): number | undefined {
    const colon = this.text.lastIndexOf(':', start);
    const between = this.text.slice(colon + 1, start);
    return colon >= 0 && between.trim() === '' ? colon + 1 : undefined;
  }

  /**
   * What an alias says changes with its anchor, and so does not where it alone
   * must change: then its value is written in its place.
   */
  private writeAliases(): void {
    const anchors = new Map<string, JsonPath>();
    walk(this.document.contents, [], (node, path, isMerged) => {
      const { anchor } = node as { anchor?: string };
      if (anchor) anchors.set(anchor, path);
      const source = isAlias(node) ? anchors.get(node.source) : undefined;
      if (!source) return;
      const was = valueAt(this.before, source) as JsonValue;
      const must = isMerged ? was : this.wantedAt(path);
      if (isDeepStrictEqual(this.wantedAt(source), must)) return;
      const [start = 0, end = 0] = node.range ?? [];
      this.splices.push({ start, end, text: flowText(must) });
    });
  }

  private wantedAt(path: JsonPath): JsonValue {
    return valueAt(this.wanted, path) as JsonValue;
  }
}

function hasText({ range }: Node): boolean {
  return range !== undefined && range !== null && range[1] > range[0];
}

/** Every node, in the order of the text. @param isMerged the value of a `<<` */
function walk(
  node: Node | null,
  path: JsonPath,
  see: (node: Node, path: JsonPath, isMerged: boolean) => void,
  isMerged = false,
): void {
  if (node === null) return;
  see(node, path, isMerged);
  if (isSeq(node)) {
    node.items.forEach((item, index) =>
      walk(item as Node | null, [...path, index], see, isMerged),
    );
  }
  if (!isMap(node)) return;
  for (const pair of node.items as Pair<Node, Node | null>[]) {
    const merges = isMerge(pair);
    const inner = merges ? path : [...path, keyText(pair.key)];
    walk(pair.value, inner, see, merges);
  }
}
