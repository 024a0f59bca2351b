import type { JsonValue } from '../locate';

/**
 * Plain scalars as go-yaml v2 resolves them, which kubectl reads YAML with
 * (sigs.k8s.io/yaml, goyaml.v2/resolve.go): mostly YAML 1.1.
 */
const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, null] as const),
  ...['y', 'yes', 'on', 'true']
    .flatMap(spellings)
    .map((text) => [text, true] as const),
  ...['n', 'no', 'off', 'false']
    .flatMap(spellings)
    .map((text) => [text, false] as const),
]);

/** `yes`, `Yes`, `YES`, and nothing in between. */
function spellings(word: string): string[] {
  const capital = word.charAt(0).toUpperCase() + word.slice(1);
  return [...new Set([word, capital, word.toUpperCase()])];
}

/** What JSON cannot hold. */
export const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const NUMBER_START = /^[-+.0-9]/;
const DECIMAL = /^[-+]?(?:0|[1-9][0-9]*)$/;
/** Base and digits, as Go's strconv.ParseInt with base 0 has them. */
const BASES: readonly [RegExp, number][] = [
  [/^[-+]?0[xX]([0-9a-fA-F]+)$/, 16],
  [/^[-+]?0[bB]([01]+)$/, 2],
  [/^[-+]?0[oO]?([0-7]+)$/, 8],
];
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INT64 = [-(2n ** 63n), 2n ** 64n - 1n] as const;

/** A scalar that JSON, or JavaScript, cannot hold. */
export class ScalarError extends Error {}

/**
 * @param text of a plain scalar, folded
 * @throws ScalarError for what is no JSON value, and for integers that a
 *   JavaScript number would change
 */
export function resolvePlain(text: string): JsonValue {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (NOT_FINITE.test(text)) {
    throw new ScalarError(`${text} cannot be sent to Kubernetes`);
  }
  return NUMBER_START.test(text) ? (numberIn(text) ?? text) : text;
}

/**
 * @param tag in full, `tag:yaml.org,2002:int`
 * @returns undefined for a tag that says nothing: the scalar is what it would
 *   be without
 * @throws ScalarError as resolvePlain, and for a text that is none of its tag
 */
export function resolveTagged(
  tag: string,
  text: string,
): JsonValue | undefined {
  const short = tag.replace(/^tag:yaml\.org,2002:/, '!!');
  switch (short) {
    case '!!str':
    case '!!timestamp':
      return text;
    case '!!binary':
      return binaryText(text);
    case '!!null':
    case '!!bool':
    case '!!int':
    case '!!float': {
      const value = resolvePlain(text);
      if (isOf(short, value, text)) return value;
      throw new ScalarError(`${JSON.stringify(text)} is none of ${short}`);
    }
    default:
      return tag.startsWith('!') ? text : undefined;
  }
}

/** An integer is a float too, and a float is never an integer. */
function isOf(tag: string, value: JsonValue, text: string): boolean {
  if (tag === '!!null') return value === null;
  if (tag === '!!bool') return typeof value === 'boolean';
  if (typeof value !== 'number') return false;
  return tag === '!!float' || int64In(text) !== undefined;
}

/** @returns undefined for a text that only begins like a number */
function numberIn(text: string): number | undefined {
  const integer = int64In(text);
  if (integer !== undefined) return exact(integer, text);
  const float = floatIn(text);
  // JSON has no -0 that Kubernetes would keep.
  return float === undefined ? undefined : float + 0;
}

/** @returns undefined for a text that is no float, and for one out of range */
export function floatIn(text: string): number | undefined {
  const plain = text.replaceAll('_', '');
  const float = FLOAT.test(plain) ? Number(plain) : Infinity;
  return Number.isFinite(float) ? float : undefined;
}

/** @returns undefined for what has no place in 64 bits: that is a float */
export function int64In(text: string): bigint | undefined {
  const integer = integerIn(text.replaceAll('_', ''));
  return integer !== undefined && isInt64(integer) ? integer : undefined;
}

function integerIn(plain: string): bigint | undefined {
  const sign = plain.startsWith('-') ? -1n : 1n;
  if (DECIMAL.test(plain)) return sign * BigInt(plain.replace(/^[-+]/, ''));
  for (const [form, base] of BASES) {
    const digits = form.exec(plain)?.[1];
    if (digits === undefined) continue;
    const prefix = base === 16 ? '0x' : base === 2 ? '0b' : '0o';
    return sign * BigInt(`${prefix}${digits}`);
  }
  return undefined;
}

function isInt64(value: bigint): boolean {
  return value >= INT64[0] && value <= INT64[1];
}

/** kubectl sends all 64 bits; rather than change one, we say so. */
function exact(value: bigint, text: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number + 0;
  throw new ScalarError(
    `the integer ${text} has more digits than are kept exactly (2^53)`,
  );
}

function binaryText(base64: string): string {
  const bytes = base64.replace(/[ \t\r\n]/g, '');
  if (
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
      bytes,
    )
  ) {
    return Buffer.from(bytes, 'base64').toString('utf8');
  }
  throw new ScalarError('!!binary holds no base64');
}
