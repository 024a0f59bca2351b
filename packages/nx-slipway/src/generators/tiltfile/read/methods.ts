import { type Bare, bool, keyOf, list, NONE, string } from './build-values';
import { formatBraces } from './format-text';
import type { Arguments, DictValue, StringValue, Value } from './types';

/** What a method of a known value gives; `undefined` where only a run tells. */
export function callMethod(
  on: Value,
  method: string,
  given: Arguments,
): Bare | undefined {
  if (on.kind === 'string') return ofString(on, method, given);
  return on.kind === 'dict' ? ofDict(on, method, given) : undefined;
}

function ofString(
  on: StringValue,
  method: string,
  given: Arguments,
): Bare | undefined {
  const { value } = on;
  if (method === 'format') return formatBraces(value, given);
  if (method === 'join') return joinBy(value, given.args[0]);
  const texts = given.args.map((arg) => arg.kind === 'string' && arg.value);
  if (texts.includes(false) || given.named.size > 0) return undefined;
  const [first, second] = texts as string[];
  switch (method) {
    case 'lower':
      return string(value.toLowerCase());
    case 'upper':
      return string(value.toUpperCase());
    case 'strip':
      return first === undefined ? string(value.trim()) : undefined;
    case 'startswith':
      return first === undefined ? undefined : bool(value.startsWith(first));
    case 'endswith':
      return first === undefined ? undefined : bool(value.endsWith(first));
    case 'replace':
      if (!first || second === undefined || texts.length > 2) return undefined;
      return replaced(value, first, second);
    case 'split':
      if (texts.length > 1 || first === '') return undefined;
      return listOf(
        on,
        first === undefined ? words(value) : value.split(first),
      );
    case 'splitlines':
      return listOf(on, value.replace(/\n$/, '').split('\n'));
    default:
      return undefined;
  }
}

/** In pieces, so that a text that grows by it is measured and not made. */
function replaced(value: string, from: string, to: string): Bare | undefined {
  const pieces = value.split(from);
  return pieces.length * to.length > 1_000_000
    ? undefined
    : string(pieces.join(to));
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function listOf({ place, text }: Value, items: readonly string[]): Bare {
  return list(
    items.map((value): Value => ({ kind: 'string', value, place, text })),
  );
}

function joinBy(separator: string, items: Value | undefined): Bare | undefined {
  if (items?.kind !== 'list') return undefined;
  const texts = items.items.map((item) => item.kind === 'string' && item.value);
  if (texts.includes(false)) return undefined;
  if (texts.length * separator.length > 1_000_000) return undefined;
  return string(texts.join(separator));
}

function ofDict(
  on: DictValue,
  method: string,
  { args }: Arguments,
): Bare | undefined {
  const { place, text } = on;
  switch (method) {
    case 'get': {
      const [key, otherwise = { ...NONE, place, text }] = args;
      const wanted = key && keyOf(key);
      if (wanted === undefined) return undefined;
      const found = on.entries.find((one) => keyOf(one.key) === wanted);
      return found?.value ?? otherwise;
    }
    case 'keys':
      return list(on.entries.map(({ key }) => key));
    case 'values':
      return list(on.entries.map(({ value }) => value));
    case 'items':
      return list(
        on.entries.map(({ key, value }): Value => {
          const pair = list([key, value]);
          return { ...pair, place: key.place, text: key.text };
        }),
      );
    default:
      return undefined;
  }
}
