const SHAPE = /^([a-zA-Z]*)('''|"""|'|")([^]*)\2$/;
const ESCAPE =
  /\\(?:\n|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g;
const PLAIN: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * What a string literal of Starlark stands for: either quote, once or three
 * times, raw or not. `undefined` for what is none, such as bytes.
 * Source: https://github.com/bazelbuild/starlark/blob/master/spec.md#string-literals
 */
export function stringOf(literal: string): string | undefined {
  const [, prefix = '', , body] = SHAPE.exec(literal) ?? [];
  if (body === undefined || !/^r?$/i.test(prefix)) return undefined;
  if (prefix) return body;
  return body.replace(ESCAPE, unescaped);
}

function unescaped(
  whole: string,
  octal?: string,
  byte?: string,
  short?: string,
  long?: string,
  letter?: string,
): string {
  if (octal) return String.fromCodePoint(Number.parseInt(octal, 8));
  const hex = byte ?? short ?? long;
  if (hex) {
    const point = Number.parseInt(hex, 16);
    return point > 0x10ffff ? whole : String.fromCodePoint(point);
  }
  if (letter === undefined) return '';
  return PLAIN[letter] ?? whole;
}
