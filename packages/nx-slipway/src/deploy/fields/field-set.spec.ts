import fc from 'fast-check';
import { difference, union, unionAll, type FieldSet } from './field-set';

/** As the API server writes them: a thing alone is an empty tree. */
const fieldSet: fc.Arbitrary<FieldSet> = fc.letrec<{ set: FieldSet }>(
  (tie) => ({
    set: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant<FieldSet>({}),
      fc
        .tuple(
          fc.boolean(),
          fc.dictionary(
            fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:"y"'),
            tie('set'),
            { minKeys: 1 },
          ),
        )
        .map(([self, inner]) => (self ? { '.': {}, ...inner } : inner)),
    ),
  }),
).set;

/** Whose root says nothing of itself. */
const rootSet = fc.dictionary(fc.constantFrom('f:a', 'f:b', 'f:c'), fieldSet);

/** `f:a`, `f:a/f:b`: all that is in a set. */
function membersOf(set: FieldSet, path = ''): string[] {
  return Object.entries(set).flatMap(([element, inner]) => {
    if (element === '.') return [];
    const here = `${path}/${element}`;
    const isIn = Object.keys(inner).length === 0 || '.' in inner;
    return [...(isIn ? [here] : []), ...membersOf(inner, here)];
  });
}

describe('sets of fields', () => {
  it('a union holds what is in either', () => {
    fc.assert(
      fc.property(rootSet, rootSet, (a, b) => {
        const both = new Set([...membersOf(a), ...membersOf(b)]);
        expect(new Set(membersOf(unionAll([a, b])))).toEqual(both);
      }),
    );
  });

  it('a difference holds what is in the first alone', () => {
    fc.assert(
      fc.property(rootSet, rootSet, (a, b) => {
        const others = new Set(membersOf(b));
        const left = membersOf(a).filter((each) => !others.has(each));
        const found = Object.keys(a).length > 0 ? difference(a, b) : undefined;
        expect(membersOf(found ?? {}).sort()).toEqual(left.sort());
      }),
    );
  });

  it('a thing and what is in it are two things', () => {
    expect(union({ 'f:a': {} }, { 'f:a': { 'f:b': {} } })).toEqual({
      'f:a': { '.': {}, 'f:b': {} },
    });
    expect(difference({ 'f:a': {} }, { 'f:a': { 'f:b': {} } })).toEqual({
      'f:a': {},
    });
  });
});
