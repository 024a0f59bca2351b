import fc from 'fast-check';
import { readText, showCall } from './testing/read-text';
import { SHAPES } from './testing/shapes';
import type { Value } from './types';

/** Shapes in any order, with pieces cut out, doubled and put in. */
const shapes = fc
  .array(fc.constantFrom(...SHAPES), { minLength: 1, maxLength: 12 })
  .map((lines) => `${lines.join('\n')}\n`);
const piece = fc.oneof(
  fc.constantFrom(
    ...`( ) [ ] { } ' " ''' """ , : = . \\ # * ** @ f' r" \0 \t`.split(' '),
    '\n',
    '\n  ',
    '\r\n',
    'if ',
    'for x in ',
    'def f():',
    'lambda ',
    '\ud800',
  ),
  fc.constantFrom(...SHAPES),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const mutated = fc
  .tuple(
    shapes,
    fc.array(fc.tuple(fc.nat(400), fc.nat(12), piece), { maxLength: 6 }),
  )
  .map(([text, changes]) =>
    changes.reduce((now, [at, length, put]) => {
      const from = at % (now.length + 1);
      return now.slice(0, from) + put + now.slice(from + length);
    }, text),
  );
const anyText = fc.oneof(
  mutated,
  fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** What the reader makes of a text before it counts lines. */
function linesOf(text: string): string[] {
  return Buffer.from(text)
    .toString()
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n');
}

it('reads any text, and finds each call and note where it says, once', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const lines = linesOf(text);
      const { calls, notes } = readText(text, { 'other/Tiltfile': 'f()' });
      for (const { place, text: written } of [...calls, ...notes]) {
        if (place.file !== 'Tiltfile') continue;
        const rest = lines.slice(place.line - 1).join('\n');
        expect(rest.slice(place.column - 1)).toMatch(startOf(written));
      }
      const once = calls.filter(({ calledAt }) => !calledAt).map(showCall);
      if (!text.includes('for ')) {
        const places = calls
          .filter(({ calledAt }) => !calledAt)
          .map(({ place }) => JSON.stringify(place));
        expect(new Set(places).size).toBe(once.length);
      }
    }),
    { numRuns: 300 },
  );
});

function startOf(text: string): RegExp {
  return new RegExp(`^${text.replace(/[^]/g, escaped)}`);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${code}`;
}

it('reads every shape in any order without a syntax to complain of', () => {
  fc.assert(
    fc.property(shapes, (text) => {
      const { notes } = readText(text, { 'other/Tiltfile': 'f()' });
      expect(notes.filter(({ kind }) => kind === 'syntax')).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

/** A value as JSON has it, and a way to write it down in Starlark. */
type Pair = readonly [value: unknown, text: string];
const text: fc.Arbitrary<Pair> = fc
  .tuple(fc.string(), fc.constantFrom(`'`, `"`, `'''`, `"""`))
  .map(([value, quote]) => [value, quoted(value, quote)]);
const literal = fc.letrec<{ value: Pair; list: Pair; dict: Pair }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.integer().map((value): Pair => [value, String(value)]),
    fc.boolean().map((is): Pair => [is, is ? 'True' : 'False']),
    fc.constant<Pair>([null, 'None']),
    tie('list'),
    tie('dict'),
  ),
  list: fc
    .array(tie('value'), { maxLength: 4 })
    .map((items): Pair => [
      items.map(([value]) => value),
      `[${items.map(([, written]) => `${written},\n`).join('')}]`,
    ]),
  dict: fc
    .uniqueArray(fc.tuple(text, tie('value')), {
      maxLength: 4,
      selector: ([[key]]) => key,
    })
    .map((entries): Pair => [
      entries.map(([[key], [value]]) => [key, value]),
      `{${entries.map(([[, key], [, value]]) => `${key}: ${value}`).join(', ')}}`,
    ]),
}));

function quoted(value: string, quote: string): string {
  const body = value.replace(/[\\'"\n\r]/g, (one) =>
    one === '\n' ? '\\n' : one === '\r' ? '\\r' : `\\${one}`,
  );
  return quote + body + quote;
}

it('gives every literal back as it was written', () => {
  fc.assert(
    fc.property(literal.value, ([value, written]) => {
      const { calls } = readText(`x = ${written}\nf(x)`);
      expect(plain(calls[0]?.args[0] as never)).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

function plain(value: Value): unknown {
  if (value.kind === 'list') return value.items.map(plain);
  if (value.kind === 'dict') {
    return value.entries.map((entry) => [plain(entry.key), plain(entry.value)]);
  }
  if (value.kind === 'none') return null;
  if ('value' in value) return value.value;
  throw new Error(`${value.kind} of ${value.text}`);
}

it.each([
  ['lists', '['.repeat(20_000)],
  ['calls', 'f('.repeat(20_000)],
  ['operators', `x = ${'a + '.repeat(20_000)}a`],
  [
    'blocks',
    Array.from({ length: 2000 }, (_, at) => `${' '.repeat(at)}if a:`).join(
      '\n',
    ),
  ],
  ['parentheses around a call', `${'('.repeat(2000)}f()${')'.repeat(2000)}`],
  ['methods', `x${'.a()'.repeat(10_000)}`],
  ['quotes', `'''`.repeat(10_001)],
  ['branches', `if a: f()\n${'elif a: f()\n'.repeat(5000)}`],
])('says that %s are nested too deep, or reads them', (_, text) => {
  const { calls, notes } = readText(text);
  expect(calls.length + notes.length).toBeGreaterThan(0);
});
