import type { Arguments, DictValue, Value } from './types';

/** A value without where it stands: the node that has it says that. */
export type Bare = BareOf<Value>;
type BareOf<V> = V extends Value ? Omit<V, 'place' | 'text'> : never;
type Entry = DictValue['entries'][number];

/** Names that double what they hold must not fill the memory. */
export const LONGEST = 100_000;
const LARGEST = 10_000;
const DEEPEST = 100;
const TOO_LARGE = 'it is larger than any that a person writes';

export const computed = (why: string): Bare => ({ kind: 'computed', why });
export const path = (at: string): Bare => ({ kind: 'path', path: at });
export const bool = (value: boolean): Bare => ({ kind: 'bool', value });
export const NONE: Bare = { kind: 'none' };

export function string(value: string): Bare {
  return value.length > LONGEST
    ? computed(TOO_LARGE)
    : { kind: 'string', value };
}

export function list(items: readonly Value[]): Bare {
  return measured({ kind: 'list', items }, items, items);
}

/** Of a key that is there twice, the last value, at the first one's place. */
export function dict(entries: readonly Entry[]): Bare {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) {
    const key = keyOf(entry.key);
    if (key === undefined) {
      return unread(entry.key, 'a key of it is no text and no number');
    }
    byKey.set(key, entry);
  }
  const kept = [...byKey.values()];
  const values = kept.map(({ value }) => value);
  return measured({ kind: 'dict', entries: kept }, kept, values);
}

/** Two values with the same key are the same to a dict; most have none. */
export function keyOf(value: Value): string | undefined {
  if (value.kind === 'string') return `'${value.value}`;
  if (value.kind === 'number' || value.kind === 'bool') {
    return `${Number(value.value)}`;
  }
  return value.kind === 'none' ? value.kind : undefined;
}

export function call(name: string, given: Arguments, dir: string): Bare {
  const { args, named } = given;
  const parts = [...args, ...named.values()];
  return measured({ kind: 'call', name, args, named, dir }, named, parts);
}

const measures = new WeakMap<object, { size: number; depth: number }>();

/** @param whole what copies of the value share */
function measured(value: Bare, whole: object, parts: readonly Value[]): Bare {
  let [size, depth] = [1, 1];
  for (const part of parts) {
    const key = wholeOf(part);
    const inner = key && measures.get(key);
    size += inner?.size ?? 1;
    depth = Math.max(depth, 1 + (inner?.depth ?? 0));
  }
  if (size > LARGEST || depth > DEEPEST) return computed(TOO_LARGE);
  measures.set(whole, { size, depth });
  return value;
}

/** What copies of a value share, as when a name is another's value. */
export function wholeOf(value: Value): object | undefined {
  if (value.kind === 'list') return value.items;
  if (value.kind === 'dict') return value.entries;
  return value.kind === 'call' ? value.named : undefined;
}

/** What an operation gives that would need more of a value than is known. */
export function unread(value: Value, otherwise: string): Bare {
  if (value.kind === 'computed') return computed(value.why);
  if (value.kind !== 'call') return computed(otherwise);
  return computed(`what ${value.name}() gives is known in a run only`);
}
