import type { JsonPath, JsonValue } from './types';
import { isObject } from './is-object';

/** One step of a path. */
type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | {
      readonly kind: 'where';
      readonly keys: readonly string[];
      readonly equals: string;
    };

/** A path of kubectl's JSONPath, `{.spec.images[*].name}`, as far as places need it. */
export interface PlacePath {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** What is wrong with a path, and at which of its characters, from 1. */
export class JsonPathError extends Error {
  constructor(
    readonly at: number,
    what: string,
  ) {
    super(what);
  }
}

/** As in kubectl, all but what ends a name there: `acme\.dev/image`. */
const KEY = /^\.((?:[^\s.,[\]{}()@*'"\\]|\\.)+)/;
const QUOTED = /^\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/;
const INDEX = /^\[(-?\d+)\]/;
const ALL = /^(?:\[\*\]|\.\*)/;
const WHERE =
  /^\[\?\(\s*@((?:\.[A-Za-z0-9_-]+)+)\s*==\s*(?:'([^']*)'|"([^"]*)")\s*\)\]/;

/**
 * Names (`.a`, `.a\.b`, `['a.b']`), indices (`[0]`, `[-1]` from the end), all
 * (`[*]`), and elements by a field (`[?(@.name=="x")]`). The braces may be left
 * out.
 * @throws JsonPathError
 */
export function parsePath(text: string): PlacePath {
  const trimmed = text.trim();
  const isBraced = trimmed.startsWith('{');
  if (isBraced && !trimmed.endsWith('}')) {
    throw new JsonPathError(text.trimEnd().length, 'a "}" is missing');
  }
  const inner = (isBraced ? trimmed.slice(1, -1) : trimmed).replace(/^\$/, '');
  const lead = text.indexOf(inner);
  const steps: Step[] = [];
  let rest = inner;
  while (rest !== '') {
    const at = lead + inner.length - rest.length + 1;
    // The first name may stand without its dot.
    const dot = steps.length === 0 && !/^[.[]/.test(rest) ? '.' : '';
    const found = stepIn(`${dot}${rest}`);
    if (!found) throw new JsonPathError(at, faultOf(rest));
    const [step, length] = found;
    steps.push(step);
    rest = rest.slice(length - dot.length);
  }
  if (steps.length === 0) throw new JsonPathError(1, 'it names no place');
  return { text, steps };
}

function stepIn(rest: string): readonly [Step, number] | undefined {
  const key = KEY.exec(rest);
  const quoted = QUOTED.exec(rest);
  const index = INDEX.exec(rest);
  const all = ALL.exec(rest);
  const where = WHERE.exec(rest);
  if (all) return [{ kind: 'all' }, all[0].length];
  if (key) {
    return [{ kind: 'key', key: unescaped(key[1]) }, key[0].length];
  }
  if (quoted) {
    const name = unescaped(quoted[1] ?? quoted[2]);
    return [{ kind: 'key', key: name }, quoted[0].length];
  }
  if (index) {
    return [{ kind: 'index', index: Number(index[1]) }, index[0].length];
  }
  if (where) {
    const keys = (where[1] ?? '').slice(1).split('.');
    const equals = where[2] ?? where[3] ?? '';
    return [{ kind: 'where', keys, equals }, where[0].length];
  }
  return undefined;
}

function faultOf(rest: string): string {
  return rest.startsWith('..')
    ? '".." is not supported'
    : `${JSON.stringify(rest.slice(0, 20))} is none of .name, ['name'], [0], [*], [?(@.name=="x")]`;
}

function unescaped(text = ''): string {
  return text.replace(/\\(.)/g, '$1');
}

/** A place, for people: `spec.containers[0].image`. */
export function formatPath(path: JsonPath): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /[.[\]\s]/.test(key) ? `['${key}']` : `.${key}`;
    })
    .join('')
    .replace(/^\./, '');
}

/** Every place of a value that a path leads to. */
export function placesAt(
  value: JsonValue,
  { steps }: PlacePath,
): { readonly path: JsonPath; readonly value: JsonValue }[] {
  return steps.reduce(
    (places, step) =>
      places.flatMap(({ path, value: inner }) =>
        childrenBy(step, inner).map(([key, child]) => ({
          path: [...path, key],
          value: child,
        })),
      ),
    [{ path: [] as JsonPath, value }],
  );
}

function childrenBy(
  step: Step,
  value: JsonValue,
): readonly (readonly [string | number, JsonValue])[] {
  if (Array.isArray(value)) {
    const items = [...(value as JsonValue[]).entries()];
    if (step.kind === 'all') return items;
    if (step.kind === 'index') {
      const at = step.index < 0 ? items.length + step.index : step.index;
      return items.filter(([index]) => index === at);
    }
    if (step.kind !== 'where') return [];
    return items.filter(([, item]) => fieldOf(item, step.keys) === step.equals);
  }
  if (!isObject(value)) return [];
  if (step.kind === 'all') return Object.entries(value);
  if (step.kind !== 'key' || !Object.hasOwn(value, step.key)) return [];
  return [[step.key, value[step.key] as JsonValue]];
}

function fieldOf(value: JsonValue, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (isObject(inner) ? inner[key] : undefined),
    value,
  );
}
