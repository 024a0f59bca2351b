import fc from 'fast-check';
import { useTempFolder } from '../testing/temp-folder';
import { depFiles, type DepSelection } from './dep-files';
import { fileInDeps } from './file-in-deps';

const folder = useTempFolder();

const selection = (
  deps: readonly string[],
  more: Partial<DepSelection> = {},
): DepSelection => ({
  root: folder.path,
  projectRoot: folder.at('app'),
  manifests: ['k8s/**/*.yaml'],
  deps: deps.map((path) => ({ path: folder.at(path) })),
  ignore: [],
  outputs: [],
  ...more,
});

const asked = (
  file: string,
  deps: readonly string[] = ['app'],
  more: Partial<DepSelection> = {},
) => fileInDeps(selection(deps, more), folder.at(file));

beforeEach(() => folder.write({ 'app/a.ts': '', 'lib/src/b.ts': '' }));

it('tells each dep that holds a file', async () => {
  expect(
    await asked('app/a.ts', ['app', 'lib', 'app/*.ts', 'app/a.ts']),
  ).toEqual([{ dep: 'app' }, { dep: 'app/*.ts' }, { dep: 'app/a.ts' }]);
  expect(await asked('other/a.ts')).toEqual([]);
  expect(await asked('apps/a.ts')).toEqual([]);
});

it('answers for what is not there', async () => {
  expect(await asked('app/new/x.ts')).toEqual([{ dep: 'app' }]);
  expect(await asked('dist/x.js', ['dist'])).toEqual([{ dep: 'dist' }]);
  expect(await asked('dist/x.js', ['dist/*.js'])).toEqual([
    { dep: 'dist/*.js' },
  ]);
  expect(await asked('one.txt', ['one.txt'])).toEqual([{ dep: 'one.txt' }]);
});

it('names the pattern that decides, and its line', async () => {
  await folder.write({
    'app/.dockerignore': '# notes\n*.md\n!b.md\n\n**/b.*\n',
  });
  expect(await asked('app/b.md')).toEqual([
    {
      dep: 'app',
      leftOut: {
        by: 'dockerignore',
        pattern: '**/b.*',
        file: 'app/.dockerignore',
        line: 5,
      },
    },
  ]);
  expect((await asked('app/a.md'))[0]?.leftOut).toMatchObject({ line: 2 });
  expect(
    await asked('app/x/a.spec.ts', ['app'], {
      ignore: ['docs', '**/*.spec.ts'],
    }),
  ).toEqual([
    { dep: 'app', leftOut: { by: 'ignore', pattern: '**/*.spec.ts' } },
  ]);
});

it('names the folder that is left out as a whole', async () => {
  await folder.write({ '.gitignore': 'dist\n*.log\n' });
  expect(await asked('app/dist/sub/x.js')).toEqual([
    { dep: 'app', leftOut: { by: 'gitignore', folder: 'app/dist' } },
  ]);
  expect(await asked('app/x.log')).toEqual([
    { dep: 'app', leftOut: { by: 'gitignore' } },
  ]);
  expect(await asked('app/node_modules/x/y.js')).toEqual([
    { dep: 'app', leftOut: { by: 'name', folder: 'app/node_modules' } },
  ]);
});

it.each([
  ['app/.a.ts.swp', 'name'],
  ['app/k8s/a.yaml', 'manifest'],
  ['app/out.json', 'output'],
])('tells why %s is none: %s', async (file, by) => {
  const outputs = [folder.at('app/out.json')];
  expect(await asked(file, ['app'], { outputs })).toEqual([
    { dep: 'app', leftOut: { by } },
  ]);
});

it('tells of globs, and of what a named input takes out again', async () => {
  expect(await asked('app/a.md', ['app/*.ts'])).toEqual([
    { dep: 'app/*.ts', leftOut: { by: 'glob' } },
  ]);
  const except = [folder.at('app/**/*.spec.ts')];
  const deps = [{ path: folder.at('app/**/*'), except }];
  expect(await asked('app/x.spec.ts', [], { deps })).toEqual([
    { dep: 'app/**/*', leftOut: { by: 'input' } },
  ]);
});

it('follows the link that a dep is, and none in it', async () => {
  await folder.link('linked', 'lib');
  await folder.link('app/inner', '../lib');
  expect(await asked('linked/src/b.ts', ['linked'])).toEqual([
    { dep: 'linked' },
  ]);
  expect(await asked('lib/src/b.ts', ['linked'])).toEqual([{ dep: 'linked' }]);
  expect(await asked('app/inner')).toEqual([{ dep: 'app' }]);
  expect(await asked('app/inner/src/b.ts')).toEqual([
    { dep: 'app', leftOut: { by: 'link', folder: 'app/inner' } },
  ]);
});

it('says of every file what is hashed', async () => {
  const names = [
    'a.ts',
    'b.md',
    'sub/a.ts',
    'sub/c.log',
    'k8s/x.yaml',
    '.git/y',
  ];
  await folder.write({
    ...Object.fromEntries(names.map((name) => [`app/${name}`, ''])),
    '.gitignore': '*.log\nsub/',
    'app/.dockerignore': '*.md\n!b.md\nk8s',
  });
  const deps = fc.subarray(
    ['app', 'app/sub', 'app/**/*.ts', 'app/b.md', 'app/k8s'],
    {
      minLength: 1,
    },
  );
  const ignore = fc.subarray(['**/*.ts', '!a.ts', 'x.yaml']);
  await fc.assert(
    fc.asyncProperty(deps, ignore, async (some, patterns) => {
      const chosen = selection(some, { ignore: patterns });
      const hashed = await depFiles(chosen);
      for (const name of names) {
        const file = folder.at('app', name);
        const said = await fileInDeps(chosen, file);
        const isHeld = said.some(({ leftOut }) => !leftOut);
        expect([name, isHeld]).toEqual([name, hashed.includes(file)]);
      }
    }),
    { numRuns: 40 },
  );
});
