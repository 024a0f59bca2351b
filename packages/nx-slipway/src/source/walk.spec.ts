import { relative } from 'node:path';
import { useTempFolder } from '../testing/temp-folder';
import { filesOf } from './walk';

const folder = useTempFolder();

async function found(path: string): Promise<string[]> {
  const files = await filesOf(folder.at(path));
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
])('finds what %s stands for', async (path, files) => {
  expect(await found(path)).toEqual(files);
});

it('finds the manifests of a folder', async () => {
  await folder.write({ 'k8s/notes.md': '', 'k8s/crd.json': '' });
  expect(await found('k8s')).toEqual([
    'k8s/[id].yaml',
    'k8s/a/x.yaml',
    'k8s/b.yaml',
    'k8s/crd.json',
  ]);
});
