import { basename, relative } from 'node:path';
import { useTempFolder } from '../testing/temp-folder';
import { filesMatching, filesOf, MANIFEST_FILES, refuse } from './walk';

const folder = useTempFolder();

function found(path: string): string[] {
  const files = [...filesOf(folder.at(path), MANIFEST_FILES, refuse)].sort();
  return files.map((file) => relative(folder.path, file));
}

beforeEach(() =>
  folder.write({
    'k8s/a/x.yaml': '',
    'k8s/b.yaml': '',
    'k8s/[id].yaml': '',
    'k8s/.hidden/c.yaml': '',
    'k8s/node_modules/d.yaml': '',
    'src/e.yaml': '',
  }),
);

it.each([
  ['k8s/b.yaml', ['k8s/b.yaml']],
  ['k8s/[id].yaml', ['k8s/[id].yaml']],
  ['k8s/*.yaml', ['k8s/[id].yaml', 'k8s/b.yaml']],
  ['{k8s,src}/*.yaml', ['k8s/[id].yaml', 'k8s/b.yaml', 'src/e.yaml']],
  ['{k8s/a,src}/*.yaml', ['k8s/a/x.yaml', 'src/e.yaml']],
  ['k8s/**/?.yaml', ['k8s/a/x.yaml', 'k8s/b.yaml']],
  ['k8s/.hidden/*.yaml', ['k8s/.hidden/c.yaml']],
  ['k8s/node_modules/*', ['k8s/node_modules/d.yaml']],
  ['k8s/../src/*', ['src/e.yaml']],
  ['gone/*.yaml', []],
  ['k8s/b.yaml/*.yaml', []],
  ['k8s/gone.yaml', []],
])('finds what %s stands for', (path, files) => {
  expect(found(path)).toEqual(files);
});

it('finds the manifests of a folder', async () => {
  await folder.write({ 'k8s/notes.md': '', 'k8s/crd.json': '' });
  expect(found('k8s')).toEqual([
    'k8s/[id].yaml',
    'k8s/a/x.yaml',
    'k8s/b.yaml',
    'k8s/crd.json',
  ]);
});

it.each([
  ['empty', ''],
  ['too long', '*'.repeat(70_000)],
])('finds nothing by a glob that is %s', (_, glob) => {
  const matching = (globs: string[]) => [
    ...filesMatching(folder.path, globs, refuse),
  ];
  expect(matching([glob])).toEqual([]);
  expect(matching([glob, 'src/*'])).toEqual([folder.at('src/e.yaml')]);
});

it('finds what is nearest first, by name', async () => {
  await folder.write({ 'k8s/z.yaml': '' });
  const [first = '', second = '', third = '', ...rest] = filesOf(
    folder.at('k8s/**/*.yaml'),
    MANIFEST_FILES,
    refuse,
  );
  expect([first, second, third].map((file) => basename(file))).toEqual([
    '[id].yaml',
    'b.yaml',
    'z.yaml',
  ]);
  expect(rest).toEqual([folder.at('k8s/a/x.yaml')]);
});
