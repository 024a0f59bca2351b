import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';
import { isObject, type JsonValue } from '../locate';
import { plainKey } from './go-key';
import { ScalarError, resolvePlain, resolveTagged } from './go-scalar';

/** What is wrong with a node. */
export class NodeError extends Error {
  constructor(
    message: string,
    readonly node: Node | null,
  ) {
    super(message);
  }
}

/**
 * How deep a document may nest, which kubectl lets be 10,000; the parser of the
 * `yaml` package calls itself, and has room for some 800 levels.
 */
const MAX_DEPTH = 500;
export const TOO_DEEP = `nested deeper than ${MAX_DEPTH} levels`;
/** How many values aliases may add to a document; each costs some 100 bytes. */
const MAX_ALIASED = 200_000;

interface Known {
  readonly value: JsonValue;
  /** How many values it holds, itself too. */
  readonly size: number;
}

/**
 * The value of a document as kubectl has it: scalars by go-yaml's rules, the
 * last of two keys wins, and so does a merge over what stands before it.
 * @throws NodeError
 */
export function valueOf(document: Document): JsonValue {
  return new Reader().read(document.contents, 0).value;
}

/** What each node of a document comes to. @throws NodeError */
export function valuesOf(document: Document): ReadonlyMap<Node, JsonValue> {
  const values = new Map<Node, JsonValue>();
  new Reader(values).read(document.contents, 0);
  return values;
}

/** The text that a key node comes to. @throws NodeError */
export function keyText(node: Node | null): string {
  if (!isScalar(node)) {
    throw new NodeError('a key must be a text, and no alias of one', node);
  }
  const isPlain = node.type === 'PLAIN' && node.tag === undefined;
  const value = isPlain
    ? resolved(node, () => plainKey(node.source ?? ''))
    : scalarValue(node);
  if (value === null) throw new NodeError('a key must not be null', node);
  // Of a scalar, that is a text, a number or a boolean.
  return `${value as string | number | boolean}`;
}

/** Whether a pair is a merge, `<<: *base`. */
export function isMerge({ key }: Pair): boolean {
  return (
    isScalar(key) &&
    (key.tag === 'tag:yaml.org,2002:merge' ||
      (key.type === 'PLAIN' && key.source === '<<' && key.tag === undefined))
  );
}

class Reader {
  private readonly anchors = new Map<string, Known | undefined>();
  private aliased = 0;

  /** @param values gets what each node comes to */
  constructor(private readonly values?: Map<Node, JsonValue>) {}

  read(node: Node | null, depth: number): Known {
    if (depth > MAX_DEPTH) {
      throw new NodeError(TOO_DEEP, node);
    }
    if (node === null) return { value: null, size: 1 };
    const known = this.known(node, depth);
    this.values?.set(node, known.value);
    return known;
  }

  private known(node: Node, depth: number): Known {
    if (isAlias(node)) return this.alias(node, node.source);
    const { anchor } = node as { anchor?: string };
    // Until it is read it may not be used: it would hold itself.
    if (anchor) this.anchors.set(anchor, undefined);
    const known = this.fresh(node, depth);
    if (anchor) this.anchors.set(anchor, known);
    return known;
  }

  private fresh(node: Node, depth: number): Known {
    if (isScalar(node)) return { value: scalarValue(node), size: 1 };
    if (isMap(node)) {
      return this.pairs(node.items as Pair<Node, Node | null>[], depth);
    }
    if (!isSeq(node)) throw new NodeError('this is no YAML value', node);
    const items = node.items.map((item) =>
      isPair(item)
        ? this.pairs([item as Pair<Node, Node | null>], depth)
        : this.read(item as Node, depth + 1),
    );
    return { value: items.map(({ value }) => value), size: sizeOf(items) };
  }

  private alias(node: Node, name: string): Known {
    if (!this.anchors.has(name)) {
      throw new NodeError(`there is no anchor &${name} before it`, node);
    }
    const known = this.anchors.get(name);
    if (!known) throw new NodeError(`&${name} holds itself`, node);
    this.aliased += known.size;
    if (this.aliased > MAX_ALIASED) {
      throw new NodeError(
        `aliases make more than ${MAX_ALIASED} values of it`,
        node,
      );
    }
    return known;
  }

  private pairs(
    pairs: readonly Pair<Node, Node | null>[],
    depth: number,
  ): Known {
    const entries = new Map<string, JsonValue>();
    let size = 1;
    for (const pair of pairs) {
      const known = isMerge(pair) ? undefined : keyText(pair.key);
      const value = this.read(pair.value, depth + 1);
      size += value.size;
      if (known !== undefined) entries.set(known, value.value);
      else merge(entries, value.value, pair.value);
    }
    return { value: objectOf(entries), size };
  }
}

/** Of several, the first wins; all win over what stands before them. */
function merge(
  entries: Map<string, JsonValue>,
  value: JsonValue,
  node: Node | null,
): void {
  const sources = Array.isArray(value) ? [...(value as JsonValue[])] : [value];
  for (const source of sources.reverse()) {
    if (!isObject(source)) {
      throw new NodeError('a merge needs a map, or a list of maps', node);
    }
    for (const [key, inner] of Object.entries(source)) entries.set(key, inner);
  }
}

/** `__proto__` is a key like any other. */
function objectOf(entries: ReadonlyMap<string, JsonValue>): JsonValue {
  return Object.fromEntries(entries);
}

function sizeOf(items: readonly Known[]): number {
  return items.reduce((sum, { size }) => sum + size, 1);
}

function scalarValue(node: Scalar): JsonValue {
  const { source = '', tag, type } = node;
  if (type === 'QUOTE_DOUBLE' && /\p{Surrogate}/u.test(source)) {
    throw new NodeError('half of a surrogate pair is no character', node);
  }
  return resolved(node, () => {
    const tagged = tag === undefined ? undefined : resolveTagged(tag, source);
    if (tagged !== undefined) return tagged;
    return type === 'PLAIN' ? resolvePlain(source) : source;
  });
}

function resolved<T>(node: Scalar, resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof ScalarError) throw new NodeError(error.message, node);
    throw error;
  }
}
