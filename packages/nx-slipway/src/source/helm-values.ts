import { isObject } from '../locate';
import type { HelmSource } from './source';

type Values = Record<string, unknown>;

/** A map whose every key is its own, `__proto__` too. */
const emptyValues = () => Object.create(null) as Values;

/** The names of a path: `a.b` are two, `a\.b` is one, `\[` is a bracket. */
function namesOf(path: string): string[] {
  return path
    .split(/(?<!\\)\./)
    .map((name) => name.replace(/\\([.[\]])/g, '$1'));
}

/** What is wrong with a key of `set`, in words that go on a sentence. */
export function whatIsWrongWith(path: string): string | undefined {
  if (namesOf(path).includes('')) return 'has an empty name in it';
  if (!/(?<!\\)\[/.test(path)) return undefined;
  return 'is an item of a list, which a file of values cannot set alone; set the whole list';
}

/**
 * `{ "a.b": 1 }` as `{ a: { b: 1 } }`, the later over the earlier; maps that are
 * set at one path are joined.
 */
export function nested(set: HelmSource['set']): Values {
  const values = emptyValues();
  for (const [path, value] of Object.entries(set)) {
    put(values, namesOf(path), value);
  }
  return values;
}

function put(into: Values, [name = '', ...rest]: string[], value: unknown) {
  const there = Object.hasOwn(into, name) ? into[name] : undefined;
  if (rest.length > 0) {
    const inner = isObject(there) ? there : emptyValues();
    into[name] = inner;
    put(inner, rest, value);
  } else if (isObject(value)) {
    // A map of its own: the option stays as it is.
    const inner = isObject(there) ? there : emptyValues();
    into[name] = inner;
    for (const [key, one] of Object.entries(value)) put(inner, [key], one);
  } else {
    into[name] = value;
  }
}
