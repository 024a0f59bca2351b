import fc from 'fast-check';
import {
  applyChanges,
  valueAt,
  type Change,
  type JsonPath,
  type JsonValue,
} from '../../locate';
import { readManifests } from '../read';
import { YamlWriter, someValue } from '../testing/random-yaml';
import { editManifests } from '.';

const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n';
const OTHER = `---\n# other\n${HEAD.replace('web', 'other')}`;
const WANTED = [
  'r:5000/web:nx-1',
  'on',
  'x\ny\n',
  '\u2028',
  ['a', 'b c'],
  [],
  7,
];

const read = (text: string) => readManifests([{ origin: 'a.yaml', text }]);
const objectsOf = (text: string) =>
  read(text).objects.map((each) => each.object);
const commentsOf = (text: string) => text.match(/# c\d+/g) ?? [];

function edited(text: string, changes: readonly Change[]): string {
  const [one] = editManifests(read(text), [changes, []]);
  return one?.text ?? '';
}

/** Every place of a value, the innermost alone if `isLeaf`. */
function pathsIn(value: unknown, path: JsonPath, isLeaf: boolean): JsonPath[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, item]) =>
    pathsIn(item, [...path, Array.isArray(value) ? Number(key) : key], isLeaf),
  );
  return isLeaf ? inner : [path, ...inner];
}

/** A text with anchors and merges, and one after it in the same file. */
function someText(g: fc.GeneratorValue): string {
  const containers: JsonValue = [
    { image: 'web', name: 'web' },
    { image: 'web' },
  ];
  const spec = {
    a: someValue(g),
    containers,
    b: someValue(g),
    c: someValue(g),
  };
  const lines = HEAD + new YamlWriter(g).write({ spec }) + OTHER;
  return g(fc.boolean) ? lines.replaceAll('\n', '\r\n') : lines;
}

function someChanges(g: fc.GeneratorValue, text: string, isLeaf: boolean) {
  const spec = objectsOf(text)[0]?.spec;
  const paths = pathsIn(spec, ['spec'], isLeaf);
  const changes = [0, 1].map((): Change => {
    const path = paths[g(fc.nat, { max: paths.length - 1 })] ?? ['spec'];
    return { path, value: g(fc.constantFrom<JsonValue[]>, ...WANTED) };
  });
  return changes.filter(
    ({ path }, index) => index === 0 || !overlap(path, changes[0]?.path ?? []),
  );
}

function overlap(one: JsonPath, other: JsonPath): boolean {
  return one.every(
    (key, index) => index >= other.length || key === other[index],
  );
}

describe('an edit of any manifest, with anchors, aliases and merges', () => {
  it('changes nothing if nothing is to change', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const text = someText(g);
        expect(edited(text, [])).toBe(text);
      }),
    );
  });

  it('makes of the object what it has to be, and leaves the next document', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const text = someText(g);
        const changes = someChanges(g, text, false);
        const made = edited(text, changes);
        const [object, other] = objectsOf(text);
        expect(objectsOf(made)).toEqual([
          object && applyChanges(object, changes),
          other,
        ]);
        expect(made.endsWith(text.slice(text.indexOf('---')))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every comment where texts and numbers change', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const text = someText(g);
        const spec = objectsOf(text)[0];
        const changes = someChanges(g, text, true).filter(({ path }) => {
          const value = valueAt(spec, path);
          return typeof value === 'string' || typeof value === 'number';
        });
        expect(commentsOf(edited(text, changes))).toEqual(commentsOf(text));
      }),
      { numRuns: 300 },
    );
  });

  it('adds keys to any map, and keeps every comment', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const text = someText(g);
        const [object] = objectsOf(text);
        const maps = pathsIn(object?.spec, ['spec'], false).filter((path) => {
          const value = valueAt(object, path);
          return (
            value !== null && typeof value === 'object' && !Array.isArray(value)
          );
        });
        const path = maps[g(fc.nat, { max: maps.length - 1 })] ?? ['spec'];
        const changes: Change[] = [
          { path: [...path, 'imagePullPolicy'], value: 'IfNotPresent' },
          { path: [...path, 'command'], value: ['a', 'b: c'] },
        ];
        const made = edited(text, changes);
        expect(objectsOf(made)[0]).toEqual(
          object && applyChanges(object, changes),
        );
        expect(commentsOf(made)).toEqual(commentsOf(text));
      }),
      { numRuns: 300 },
    );
  });
});
