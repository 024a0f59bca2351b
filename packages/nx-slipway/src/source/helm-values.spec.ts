import fc from 'fast-check';
import { nested, whatIsWrongWith } from './helm-values';

const asJson = (set: Record<string, unknown>) =>
  JSON.parse(JSON.stringify(nested(set))) as unknown;

it('nests dotted paths, the later over the earlier', () => {
  const text = JSON.stringify(nested({ a: 1, 'a.b': 2, 'c.__proto__.d': 3 }));
  expect(text).toBe('{"a":{"b":2},"c":{"__proto__":{"d":3}}}');
  expect(asJson({ 'a.b': 1, a: null })).toEqual({ a: null });
});

it('joins maps that are set at one path, and leaves the option as it is', () => {
  const set = { a: { b: 1 }, 'a.c': 2, 'd.e': 3, d: { f: 4 } };
  const before = structuredClone(set);
  expect(asJson(set)).toEqual({ a: { b: 1, c: 2 }, d: { e: 3, f: 4 } });
  expect(set).toEqual(before);
});

it('takes keys of maps within as names, whatever they are', () => {
  expect(asJson({ annotations: { 'a.b/c[0]': 'x' } })).toEqual({
    annotations: { 'a.b/c[0]': 'x' },
  });
});

it('keeps any value at any escaped name', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !/\\$/.test(text));
  fc.assert(
    fc.property(name, fc.jsonValue(), (key, value) => {
      fc.pre(!/\\[.[\]]/.test(key));
      const path = key.replace(/[.[\]]/g, '\\$&');
      expect(whatIsWrongWith(path)).toBeUndefined();
      expect(JSON.stringify(nested({ [path]: value })[key])).toBe(
        JSON.stringify(value),
      );
    }),
  );
});

it.each([
  ['a[0].b', 'is an item of a list'],
  ['a..b', 'has an empty name'],
  ['a.', 'has an empty name'],
  ['', 'has an empty name'],
])('refuses %j', (path, why) => {
  expect(whatIsWrongWith(path)).toContain(why);
});
