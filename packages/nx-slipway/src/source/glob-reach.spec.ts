import fc from 'fast-check';
import picomatch from 'picomatch';
import { reachOf } from './glob-reach';

it.each([
  ['k8s/*.yaml', ['k8s'], true],
  ['k8s/*.yaml', ['src'], false],
  ['k8s/*.yaml', ['k8s', 'a'], false],
  ['{k8s,deploy}/**/*.{yaml,yml}', ['deploy', 'a', 'b'], true],
  ['{k8s,deploy}/**/*.{yaml,yml}', ['src'], false],
  ['*/k8s/*', ['a'], true],
  ['{a/b,c}/*.yaml', ['a'], true],
  ['**', ['.a'], true],
])('%s may match below %j: %s', (glob, names, expected) => {
  expect(reachOf([glob])(names)).toBe(expected);
});

it('leads to every file that matches', () => {
  const name = fc.constantFrom('a', 'ab', '.b', 'k8s', 'x.yaml');
  const part = fc.constantFrom(
    ...[
      '*',
      '**',
      'a',
      'a*',
      '{a,k8s}',
      '?',
      '*.yaml',
      '[ab]',
      '.b',
      '@(a|ab)',
    ],
    ...['{a/ab,k8s}', '!(a)'],
  );
  const some = { minLength: 1, maxLength: 4 };
  fc.assert(
    fc.property(fc.array(name, some), fc.array(part, some), (names, parts) => {
      const glob = parts.join('/');
      fc.pre(picomatch(glob)(names.join('/')));
      const mayHold = reachOf([glob]);
      const folders = names.slice(0, -1).map((_, i) => names.slice(0, i + 1));
      expect(folders.filter((folder) => !mayHold(folder))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
