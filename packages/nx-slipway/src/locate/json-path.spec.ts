import fc from 'fast-check';
import { formatPath, parsePath, placesAt } from './json-path';

const VALUE = {
  a: { b: 'ab', 'b.c/d': 'dotted', "it's": 'quoted' },
  list: [
    { name: 'x', at: { id: '1' } },
    { name: 'y', at: { id: '2' } },
  ],
};

const pathsOf = (text: string) =>
  placesAt(VALUE, parsePath(text)).map(({ path }) => formatPath(path));

describe('a path', () => {
  it.each<[string, string[]]>([
    ['{.a.b}', ['a.b']],
    ['{$.a.b}', ['a.b']],
    ['.a.b', ['a.b']],
    ['a.b', ['a.b']],
    [' { .a.b } '.replaceAll(' .', '.').replaceAll('b ', 'b'), ['a.b']],
    ['{.a.b\\.c/d}', ["a['b.c/d']"]],
    ["{.a['b.c/d']}", ["a['b.c/d']"]],
    ['{["a"]["b"]}', ['a.b']],
    ["{.a['it\\'s']}", ["a.it's"]],
    ['{.list[0].name}', ['list[0].name']],
    ['{.list[-1].name}', ['list[1].name']],
    ['{.list[-3].name}', []],
    ['{.list[2].name}', []],
    ['{.list[*].name}', ['list[0].name', 'list[1].name']],
    ['{.a.*}', ['a.b', "a['b.c/d']", "a.it's"]],
    ['{.list[?(@.name=="y")].name}', ['list[1].name']],
    ["{.list[?( @.at.id == '1' )].name}", ['list[0].name']],
    ['{.list[?(@.name=="z")].name}', []],
    ['{.a.nothing.at.all}', []],
    ['{.a[0]}', []],
    ['{.list.name}', []],
    ['{.constructor}', []],
    ['{.__proto__}', []],
  ])('%s leads to %j', (text, paths) => {
    expect(pathsOf(text)).toEqual(paths);
  });

  it.each<[string, number]>([
    ['', 1],
    ['{}', 1],
    ['{.a..b}', 4],
    ['{.a[b]}', 4],
    ['{.a[0:1]}', 4],
    ['{.a[0,1]}', 4],
    ['{.a', 3],
    ['{(x)}', 2],
    ['*x', 2],
    [' {.a[b]}', 5],
    ['{.a}{.b}', 4],
    ['{range .a[*]}', 7],
    ['a b', 2],
    ['.a[?(@.n>1)]', 3],
  ])('%j is none, for its character %i', (text, at) => {
    expect(() => parsePath(text)).toThrow(
      expect.objectContaining({ at }) as Error,
    );
  });

  it('leads to any key that is quoted', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (key) => {
        const quoted = key.replace(/[\\']/g, '\\$&');
        const value = Object.fromEntries([[key, 1]]);
        expect(placesAt(value, parsePath(`{['${quoted}']}`))).toEqual([
          { path: [key], value: 1 },
        ]);
      }),
    );
  });
});
