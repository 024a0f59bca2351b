import fc from 'fast-check';

/**
 * Options of a build that meet each other: deps that lie in one another,
 * patterns that name other deps, inputs that leave out what others hold.
 */
const segment = fc.constantFrom('a', 'docs', 'k8s', 'x.d', 'b');
const folder = fc
  .array(segment, { maxLength: 2 })
  .map((parts) => parts.join('/') || '.');
const file = fc.constantFrom('x.ts', 'a/y.md', '{a,b}', 'a/.env', 'b');
const glob = fc.constantFrom(
  ...['**/*', '**', '*', '*.ts', '**/*.ts', '**/*.{ts,md}', 'a/**/*.md'],
  ...['{a,docs}/**/*', '{a}/**', '{1..3}', '**/+(x|y).*', '?.md'],
  ...['**/[xy].md', '**/docs/*'],
);
const dep = fc
  .tuple(
    fc.constantFrom('', '', '../lib/', '{workspaceRoot}/', '../lib/app/'),
    fc.oneof(folder, glob, file),
  )
  .map((parts) => parts.join(''));
const pattern = fc.constantFrom(
  ...['a', 'docs', '**/docs', '**/docs/**', 'a/', '/a', './a', 'a/*', '*'],
  ...['**', '**/*.spec.ts', '*.ts', 'a/**/x.ts', '**/a/*.md', '{a,b}'],
  ...['a{1,2}', '**/a?', '**/x.*', '*.d', 'b', '# a', ' docs ', '!a/docs'],
  ...['!**/x.ts', 'app', 'app/a', 'app/**/*.ts', '**/[xy].*', 'x.ts'],
  ...['**/.env', 'a/../b', '.'],
);
const fileset = fc
  .tuple(
    fc.constantFrom('', '', '!'),
    fc.constantFrom(
      '{projectRoot}/',
      '{workspaceRoot}/',
      '{workspaceRoot}/lib/',
    ),
    fc.oneof(glob, fc.constantFrom('x.ts', 'a', 'a/**/*', '**/*.spec.ts')),
  )
  .map((parts) => parts.join(''));
const namedInputs = fc.record<Record<string, string[]>>({
  production: fc.array(fileset, { maxLength: 3 }),
  sources: fc.array(fileset, { minLength: 1, maxLength: 3 }),
  deep: fc.tuple(fc.constantFrom('production', 'default'), fileset),
  named: fc.constant(['{projectRoot}/a', '{projectRoot}/x.ts']),
  above: fc.constant(['{projectRoot}/../lib/**/*', '!{projectRoot}/**/*.md']),
});
const input = fc
  .constantFrom('default', 'production', 'sources', 'deep', 'named', 'above')
  .map((name) => ({ input: name }));
const options = fc.record(
  {
    deps: fc.array(
      fc.oneof({ weight: 3, arbitrary: dep }, { weight: 1, arbitrary: input }),
      { minLength: 1, maxLength: 3 },
    ),
    ignore: fc.array(pattern, { maxLength: 3 }),
    recordFile: fc.constantFrom('a/x.ts', '{workspaceRoot}/lib/y.md', '{a,b}'),
  },
  { requiredKeys: [] },
);

export const arbitraryBuild = fc.record({
  root: fc.constantFrom('app', 'app', '.', 'lib/app'),
  /** Of another project. */
  nested: fc.constantFrom('lib', 'app/a', 'lib/docs', 'app/a/docs'),
  options,
  configuration: options,
  namedInputs,
});

/** All that the options can mean, so that what is left out too many is seen. */
export const FILES = ['app/', 'lib/', 'lib/app/', ''].flatMap((base) =>
  ['', 'a/', 'docs/', 'a/docs/', 'a/a/', 'k8s/', 'a/k8s/', 'x.d/'].flatMap(
    (below) =>
      [
        'x.ts',
        'x.spec.ts',
        'y.md',
        '.env',
        'a1',
        '{a,b}',
        '1',
        'b',
        'c.yaml',
      ].map((name) => base + below + name),
  ),
);
