import fc from 'fast-check';
import { stringify } from 'yaml';
import type { JsonPath, JsonValue } from '../../locate';
import { readManifests } from '../read';
import { edit } from '../testing/edit-object';

describe('a manifest in any style', () => {
  const key = fc.oneof(
    fc.constantFrom('image', 'name', 'on', '1', '<<x', 'a b', '#c', ''),
    // stringify leaves << without quotes, and so makes a merge of it.
    fc.string({ maxLength: 5 }).filter((made) => made !== '<<'),
  );
  const text = fc.oneof(
    fc.constantFrom('web', 'yes', '0644', '1e3', '', '~', 'a: b', '- a', '# x'),
    fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .map((s) => s.replace(/[\p{Cc}]/gu, '')),
    fc.constantFrom('one\ntwo\n', '  a\n b', 'x\n\n'),
  );
  const value = fc.letrec<{ value: JsonValue; node: JsonValue }>((tie) => ({
    node: fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
    value: fc.oneof(
      { depthSize: 'small' },
      tie('node'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  /** In block and in flow, with lists indented and not. */
  const yaml = fc
    .tuple(
      fc.dictionary(key, value, { minKeys: 1, maxKeys: 5 }),
      fc.constantFrom('block', 'flat', 'flow', 'json'),
    )
    .map(([spec, style]) => {
      const object = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web' },
        spec,
      };
      if (style === 'json') return JSON.stringify(object, null, 2);
      return stringify(object, {
        version: '1.1',
        lineWidth: 0,
        indentSeq: style !== 'flat',
        collectionStyle: style === 'flow' ? 'flow' : 'any',
        defaultStringType: 'QUOTE_DOUBLE',
        defaultKeyType: 'QUOTE_DOUBLE',
        blockQuote: style === 'block' ? 'literal' : false,
      });
    });

  it('is the same byte for byte if nothing changes', () => {
    fc.assert(
      fc.property(yaml, (made) => {
        expect(edit(made)).toBe(made);
      }),
    );
  });

  it('says what it must, whatever place changes', () => {
    fc.assert(
      fc.property(yaml, fc.nat(), value, (made, pick, wanted) => {
        const [read] = readManifests([{ origin: 'a', text: made }]).objects;
        const paths = pathsIn(read?.object.spec as JsonValue, ['spec']);
        const path = paths[pick % paths.length] ?? ['spec'];
        edit(made, [path, wanted]);
      }),
      { numRuns: 300 },
    );
  });
});

function pathsIn(value: JsonValue, path: JsonPath): JsonPath[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? (value as JsonValue[]).flatMap((item, index) =>
        pathsIn(item, [...path, index]),
      )
    : Object.entries(value).flatMap(([key, item]) =>
        pathsIn(item, [...path, key]),
      );
  return [path, ...inner];
}
