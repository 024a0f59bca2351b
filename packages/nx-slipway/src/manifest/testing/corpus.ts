import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A ConfigMap to put a document's own part below. */
const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';
const OTHER = HEAD.replace('{name: x}', '{name: other}');
const data = (body: string) => `${HEAD}data:\n${body}`;

/** Each stands as a value. */
const SCALARS =
  `0644 0400 0o644 0O17 0b11 0B11 0b102 -0b11 0x1F 0X1f -0x1f +0x1f 0x1_F 0x 0x1p3 -0644 -0o17 0_644 0777777777777777777777777
   +12 1_000 1__0 _1 00 -0 +0 0. -0.0 08 09 1e3 1E3 +1e3 1e+3 1.e3 12e03 1_e3 1e3_0 1.5e-3 1e-7 1e15 1e16 1e20 1e21 1e400 1e 1e2.0 .e3
   .5 -.5 +.5 .1e1 5. 1. 1.0 1.5 1_0.5 123456789.0 3.14159265358979323846 100000000000000000000000 18446744073709551616 9007199254740991
   ~ null Null NULL nULL yes Yes YES yEs no NO on On ON oN off OFF y Y n N true True TRUE tRUE false
   2001-01-01 2001-01-01T00:00:00Z 1:30 190:20:30 = NaN inf Infinity "q" 'single' "0644" '1e3' 0644x -x 1.2.3 1,5 a:b`
    .trim()
    .split(/\s+/);

const TAGGED = [
  '!!str 123',
  '!!int "12"',
  '!!float 1',
  '!!binary aGVsbG8=',
  '!!bool "yes"',
  '!!timestamp 2001-01-01',
  '!!null ""',
  '!foo bar',
  '!foo 12',
  '! 12',
  '!!str ~',
];

/** A document for each value that a scalar may be read as, in one text. */
export const SCALAR_DOCUMENTS = [...SCALARS, ...TAGGED]
  .map((text, index) =>
    data(`  a: ${text}\n`).replace('{name: x}', `{name: x${index}}`),
  )
  .join('---\n');

/**
 * What kubectl made of the corpus, without the namespace that it adds: the
 * objects of each text, and of `every scalar` their values.
 * e2e/manifest-yaml.spec.ts compares it with what kubectl makes of it now.
 */
export const BY_KUBECTL = JSON.parse(
  readFileSync(join(__dirname, 'by-kubectl.json'), 'utf8'),
) as Readonly<Record<string, unknown[]>>;

/** What kubectl reads, and what it makes of it we must make too. */
export const CORPUS: Readonly<Record<string, string>> = {
  'a merge after a key, which wins': `${HEAD}b: &b {a: '2', c: '3'}\ndata:\n  a: '1'\n  <<: *b\n`,
  'a merge before a key': `${HEAD}b: &b {a: '2', c: '3'}\ndata:\n  <<: *b\n  a: '1'\n`,
  'a merge of several': `${HEAD}b: &b {a: '2'}\nc: &c {a: '3', d: '4'}\ndata:\n  <<: [*b, *c]\n`,
  'a merge of a map that stands there': data(`  <<: {a: '1'}\n`),
  'a quoted <<, which is a key': `${HEAD}b: &b {a: '2'}\ndata:\n  "<<": *b\n`,
  'one key twice': data(`  a: '1'\n  a: '2'\n`),
  'one key twice at the top': `${HEAD}kind: Secret\n`,
  'keys that are no strings': data(
    '  1: a\n  true: b\n  1.5: c\n  0x10: d\n  y: e\n',
  ),
  'a tab after a colon': data('  a:\tb\n'),
  'a byte order mark': `\uFEFF${HEAD}`,
  CRLF: data('  a: |\n    one\n    two\n').replaceAll('\n', '\r\n'),
  'two documents': `${HEAD}---\n${OTHER}`,
  'blanks after ---': `${HEAD}--- \n${OTHER}`,
  'a comment after ---': `${HEAD}--- # hi\n${OTHER}`,
  'comments and empty documents': `# hi\n---\n---\n${HEAD}---\n# ho\n`,
  '... at the end': `${HEAD}...\n`,
  JSON: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"a":"}{"}}',
  'JSON, one after the other':
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other"}}',
  'a List': `apiVersion: v1\nkind: List\nitems:\n- ${HEAD.replaceAll('\n', '\n  ')}\n- ${OTHER.replaceAll('\n', '\n  ')}\n`,
  'a ConfigMapList':
    'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: x}\n',
  'an alias': data('  a: &i hello\n  b: *i\n'),
  'an anchor that is set again': data(
    '  a: &i one\n  b: *i\n  c: &i two\n  d: *i\n',
  ),
  'a plain text of several lines': data('  a: one\n    two\n\n    three\n'),
  'a folded text': data('  a: >-\n    one\n    two\n\n    three\n'),
  'a literal text with indentation': data('  a: |2\n      one\n    two\n'),
  escapes: data('  a: "\\x41\\u00e9\\t\\e[0m"\n'),
  'beyond the basic plane': data('  a: "\\U0001F600"\n  b: 😀\n'),
  'a value that is empty': data('  a:\n'),
  'a set': `${HEAD}data: !!set {a, b}\n`,
  'an ordered map': `${HEAD}data: !!omap [a: 1, b: 2]\n`,
  'flow over lines': `${HEAD}data: {\n  a: [1,\n 2], # two\n  "b": 'c'\n}\n`,
  'a key with a question mark': data('  ? a\n  : b\n'),
  'keys that are floats': data(
    '  1e3: a\n  1e6: b\n  1e-7: c\n  0.1: d\n  123456.789: e\n  16777217.0: f\n  1e40: g\n  -.inf: h\n  99999999999999999999: i\n  -0.0: j\n  1_0.50: k\n',
  ),
  'a dash in brackets': data('  a: [cat, -]\n  b: {c: -, d: -x}\n'),
  'tabs that part tokens': data('  a:\tb\t# c\n  d: [1,\t2]\n'),
  'a line separator in quotes': data('  a: "x\u2028y"\n'),
  'a byte order mark in the second document': `${HEAD}---\n\uFEFF${OTHER}`,
  'JSON with what only JSON has':
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"a":"\\/\\ud83d\\ude00","a":"\\u0007"}}\n',
  'JSON and then YAML': `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}\n---\n${OTHER}data: {a: b}\nb: {c: d}\n---\n`,
  'YAML in braces, and another': `{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}\n---\n${OTHER}data: {a: b}\nb: {c: d}\n`,
};

/** What kubectl does not read. */
export const REFUSED: Readonly<Record<string, string>> = {
  '.inf': data('  a: .inf\n'),
  '.nan': data('  a: .nan\n'),
  'a null key': data('  ~: a\n'),
  'a map for a key': data('  ? {a: 1}\n  : a\n'),
  'a template of a chart': data('  a: {{ .Values.x }}\n'),
  'a tab for indentation': `${HEAD}data:\n\ta: b\n`,
  'a text after ---': `${HEAD}--- {apiVersion: v1}\n`,
  'four dashes': `${HEAD}----\n`,
  'a % directive': `%YAML 1.2\n---\n${HEAD}`,
  'an alias of nothing': `${HEAD}data: *q\n`,
  'an alias of another document': `${data('  a: &i one\n')}---\n${OTHER}data: {b: *i}\n`,
  'an anchor that holds itself': `${HEAD}data: &d {a: *d}\n`,
  'a merge of a text': data('  <<: abc\n'),
  'a text alone': 'hello\n',
  'a number alone': '12\n',
  'a list alone': '- a\n',
  'an object without kind': 'apiVersion: v1\nmetadata: {name: x}\n',
  'a name that is a boolean': HEAD.replace('name: x', 'name: y'),
  'a colon too many': data('  a: b: c\n'),
  'a control character': data('  a: "\u0001"\n'),
  'a control character beyond ASCII': data('  a: "\u0080"\n'),
  'a character that is none': data('  a: "\uFFFF"\n'),
  'half of a surrogate pair': data('  a: "\\ud83d"\n'),
  'a tab on a line without more': data('  a: b\n\t\n  c: d\n'),
  'a tab after a dash': data('  a:\n  -\tb\n'),
  'a tab before a comment': data('  a: b\n\t# c\n'),
  'a line separator without quotes': data('  a: x\u2028y\n'),
  'an anchor with a dot': data('  a: &b.c d\n'),
  'a question mark in braces': data('  a: {b: c?d}\n'),
  'a colon first in braces': data('  a: {b: :80}\n'),
  'an integer that is a float': data('  a: !!int 1.0\n'),
  'a boolean that is an integer': data('  a: !!bool 1\n'),
  'YAML after several of JSON': `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"y1"}}\n---\n${OTHER}`,
  'a NUL': data('  a: \u0000\n'),
  'binary that is none': data('  a: !!binary xx=\n'),
  'a billion laughs': `${HEAD}a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefg']
    .map((name, index) => {
      const before = `*${'abcdef'.charAt(index)}`;
      return `${name}: &${name} [${Array(9).fill(before).join(',')}]\n`;
    })
    .join('')}`,
  'nesting without end': `${HEAD}data: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`,
};
