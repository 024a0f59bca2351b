import { splitDocuments } from './documents';

const parts = (text: string) => {
  const spans = splitDocuments(text);
  return 'length' in spans
    ? spans.map(({ start, end }) => text.slice(start, end))
    : spans;
};

describe('splitDocuments', () => {
  it.each<[string, string, string[]]>([
    ['YAML at lines of dashes', 'a\n---\nb\n--- # c\nd', ['a\n', 'b\n', 'd']],
    [
      'none at dashes further right',
      'a: |\n  ---\n ---\n',
      ['a: |\n  ---\n ---\n'],
    ],
    ['no line that only JavaScript ends', 'a: "\u2028---"', ['a: "\u2028---"']],
    [
      'JSON after each object',
      '{"a":"}"}{}\n{}\n',
      ['{"a":"}"}', '{}', '\n{}'],
    ],
    [
      'JSON from the YAML after it, braces or not',
      '{"a":"\\"}"}\n---\nb: {c: d}\ne: {f: g}\n',
      ['{"a":"\\"}"}', '\n', 'b: {c: d}\ne: {f: g}\n'],
    ],
    [
      'braces that are no JSON as YAML',
      '{a: 1}\n---\n{b: {c: 1}}\n',
      ['{a: 1}\n', '{b: {c: 1}}\n'],
    ],
    ['no JSON behind a byte order mark', '\uFEFF{}{}', ['{}{}']],
  ])('parts %s', (_, text, wanted) => {
    expect(parts(text)).toEqual(wanted);
  });

  it.each<[string, string, number, RegExp]>([
    ['a text after the dashes', 'a\n---b\n', 5, /^after --- stands "b"/],
    ['four dashes', 'a\n----\n', 5, /^after --- stands "-"/],
    ['YAML after several objects of JSON', '{}{}\n---\nb\n', 5, /JSON too$/],
  ])('finds fault with %s', (_, text, offset, what) => {
    expect(splitDocuments(text)).toEqual({
      offset,
      what: expect.stringMatching(what) as unknown,
    });
  });
});
