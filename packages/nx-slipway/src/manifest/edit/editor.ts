import { isDeepStrictEqual } from 'node:util';
import {
  isAlias,
  isMap,
  isSeq,
  type Alias,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { isObject, type JsonObject, type JsonValue } from '../../locate';
import { isMerge, keyText } from '../value-of';
import { jsonText } from '../json-text';
import { insertKey } from './insert-key';
import { itemSlot, pairSlot, type Slot } from './slot';
import { valueSplices } from './value-splices';
import { applySplices, type Splice } from './splices';

type MapPair = Pair<Node, Node | null>;

/**
 * Goes through the nodes of a document in the order of its text, each with the
 * value that it has to have, and changes those that have another.
 */
export class Editor {
  private readonly splices: Splice[] = [];
  /** What an alias stands for by now, for the anchors of the text so far. */
  private readonly anchors = new Map<string, JsonValue>();
  private readonly eol: string;
  private readonly hasAliases: boolean;

  /** @param before what each node comes to in the text as it is */
  constructor(
    private readonly text: string,
    private readonly before: ReadonlyMap<Node, JsonValue>,
  ) {
    this.eol = text.includes('\r\n') ? '\r\n' : '\n';
    this.hasAliases = [...before.keys()].some((node) => isAlias(node));
  }

  /** @returns undefined if something could not be changed in its place */
  edit(root: Node, wanted: JsonValue): string | undefined {
    const isDone = this.place(root, wanted, undefined);
    return isDone ? applySplices(this.text, this.splices) : undefined;
  }

  private place(
    node: Node | null,
    wanted: JsonValue,
    slot: Slot | undefined,
  ): boolean {
    if (node === null) return wanted === null || this.fill(slot, wanted);
    if (isAlias(node)) return this.placeAlias(node, wanted);
    // Without aliases nothing changes but what is asked for.
    if (!this.hasAliases && this.before.get(node) === wanted) return true;
    const isDone = this.placeFresh(node, wanted, slot);
    const { anchor } = node as { anchor?: string };
    if (anchor) this.anchors.set(anchor, wanted);
    return isDone;
  }

  /** Its anchor may say something else by now, or be gone. */
  private placeAlias(node: Alias, wanted: JsonValue): boolean {
    const { source, range } = node;
    const isSame = isDeepStrictEqual(this.anchors.get(source), wanted);
    if (!isSame && range) {
      const [start, end] = range;
      this.splices.push({ start, end, text: jsonText(wanted) });
    }
    return isSame || Boolean(range);
  }

  private placeFresh(
    node: Node,
    wanted: JsonValue,
    slot: Slot | undefined,
  ): boolean {
    if (isMap(node) && this.fits(node, wanted)) {
      return this.placeMap(node as YAMLMap<Node, Node | null>, wanted);
    }
    if (isSeq(node) && Array.isArray(wanted)) {
      const items = node.items as (Node | null)[];
      const values = wanted as readonly JsonValue[];
      if (items.length === values.length) {
        return items.every((item, index) =>
          this.place(item, values[index] ?? null, itemSlot(node, index)),
        );
      }
    }
    if (isDeepStrictEqual(this.before.get(node), wanted)) return true;
    const [start = 0, end = 0] = node.range ?? [];
    if (start === end) return this.fill(slot, wanted, node.tag);
    const splices = valueSplices(this.text, node, wanted, slot, this.eol);
    this.splices.push(...(splices ?? []));
    return splices !== undefined;
  }

  /**
   * Whether a map can become another by what it has and what it lacks: a key
   * that is to go would have to be cut out, and an empty map shows no style.
   */
  private fits(map: YAMLMap, wanted: JsonValue): wanted is JsonObject {
    const before = this.before.get(map);
    return (
      map.items.length > 0 &&
      isObject(before) &&
      isObject(wanted) &&
      Object.keys(before).every((key) => Object.hasOwn(wanted, key))
    );
  }

  private placeMap(
    map: YAMLMap<Node, Node | null>,
    wanted: JsonObject,
  ): boolean {
    const before = this.before.get(map) as JsonObject;
    const origins = this.originsIn(map.items);
    for (const pair of map.items) {
      const { value } = pair;
      const isOrigin =
        !isMerge(pair) && origins.get(keyText(pair.key)) === pair;
      const as = isOrigin
        ? wanted[keyText(pair.key)]
        : value && this.before.get(value);
      if (!this.place(value, as ?? null, pairSlot(pair))) return false;
    }
    return Object.entries(wanted).every(([key, value]) => {
      const origin = origins.get(key);
      if (origin && !isMerge(origin)) return true;
      if (origin && isDeepStrictEqual(before[key], value)) return true;
      // Beside a merge that wins over a key of that name there is no place.
      return !hasKey(map.items, key) && this.insert(map, key, value);
    });
  }

  /** The pair that each key has its value of: the last one, be it a merge. */
  private originsIn(pairs: readonly MapPair[]): Map<string, MapPair> {
    return new Map(
      pairs.flatMap((pair) => {
        if (!isMerge(pair)) return [[keyText(pair.key), pair] as const];
        const merged = pair.value && this.before.get(pair.value);
        const sources = Array.isArray(merged) ? merged : [merged];
        return (sources as readonly JsonValue[])
          .filter(isObject)
          .flatMap((source) => Object.keys(source))
          .map((key) => [key, pair] as const);
      }),
    );
  }

  private insert(map: YAMLMap, key: string, value: JsonValue): boolean {
    const splice = insertKey(this.text, map, key, value, this.eol);
    if (splice) this.splices.push(splice);
    return splice !== undefined;
  }

  /** What stands there without a value, or with an empty one. */
  private fill(slot: Slot | undefined, value: JsonValue, tag?: string) {
    if (!slot || tag !== undefined) return false;
    const { at, lead } = slot;
    const text = `${lead} ${jsonText(value)}`;
    this.splices.push({ start: at, end: at, text });
    return true;
  }
}

function hasKey(pairs: readonly MapPair[], key: string): boolean {
  return pairs.some((pair) => !isMerge(pair) && keyText(pair.key) === key);
}
