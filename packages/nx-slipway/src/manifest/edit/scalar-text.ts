import type { Scalar } from 'yaml';
import type { JsonValue } from '../../locate';
import { resolvePlain } from '../go-scalar';
import { jsonText } from '../json-text';

/** What can stand without quotes in a block and in a flow. */
const PLAIN = /^[A-Za-z0-9/._-][A-Za-z0-9/._@-]*(?::[A-Za-z0-9/._@-]+)*$/;

/** A key in the style of another. */
export function keyLike(key: string, { type }: Scalar): string {
  const isPlainKey = type !== 'QUOTE_DOUBLE' && /^[A-Za-z][\w./-]*$/.test(key);
  return isPlainKey ? plainText(key) : jsonText(key);
}

/** A text as people write it, where it would be read as that text. */
export function plainText(value: JsonValue): string {
  return typeof value === 'string' && isPlain(value) ? value : jsonText(value);
}

function isPlain(text: string): boolean {
  // A word of its own first: `.inf` cannot be read at all.
  if (!PLAIN.test(text) || /^[-.]/.test(text)) return false;
  try {
    return resolvePlain(text) === text;
  } catch {
    return false;
  }
}

/**
 * A value in the style of the scalar that it takes the place of.
 * @param source of the scalar as it stands there
 * @param eol of the text
 */
export function likeScalar(
  value: JsonValue,
  { type }: Scalar,
  source: string,
  eol: string,
): string {
  if (typeof value !== 'string') return withComment(jsonText(value), source);
  switch (type) {
    case 'QUOTE_SINGLE':
      return isOneLine(value)
        ? `'${value.replaceAll("'", "''")}'`
        : jsonText(value);
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return (
        blockText(value, source, eol) ?? withComment(jsonText(value), source)
      );
    case 'PLAIN':
      return plainText(value);
    case 'QUOTE_DOUBLE':
    case undefined:
      return jsonText(value);
  }
}

/** The comment in the first line of a block stays. */
function withComment(text: string, source: string): string {
  const comment = /^[|>]\S*([ \t]+#[^\r\n]*)\r?\n/.exec(source)?.[1] ?? '';
  return text + comment;
}

function isOneLine(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/u.test(text);
}

/** @returns undefined if the text cannot be a literal block */
function blockText(
  value: string,
  source: string,
  eol: string,
): string | undefined {
  const [header = '', ...body] = source.split(/\r?\n/);
  const first = body.find((line) => line.trim() !== '');
  const indent = /^ */.exec(first ?? '')?.[0] ?? '';
  const isLiteral =
    indent !== '' &&
    /^\S/.test(value) &&
    value
      .replace(/\t(?!\n)/g, '')
      .split('\n')
      .every(isOneLine);
  // One with an indentation of its own is rare.
  if (!isLiteral || /[0-9]/.test(header.replace(/#.*/, ''))) return undefined;
  const end = /\n*$/.exec(value)?.[0].length ?? 0;
  // Blank lines behind it would be part of it.
  if (end > 1 && !/^[|>][0-9]?\+/.test(header)) return undefined;
  const chomp = end === 0 ? '-' : end === 1 ? '' : '+';
  const lines = value.replace(/\n$/, '').split('\n');
  const indented = lines.map((line) => (line === '' ? '' : indent + line));
  const hadEnd = /\n$/.test(source);
  const opening = header.replace(/^[|>][-+]?/, `|${chomp}`);
  return `${opening}${eol}${indented.join(eol)}${hadEnd ? eol : ''}`;
}
