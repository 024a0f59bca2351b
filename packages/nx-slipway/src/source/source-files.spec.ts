import { useTempFolder } from '../testing/temp-folder';
import type { ManifestSource } from './source';
import { sourceFiles } from './source-files';

const folder = useTempFolder();

async function filesOf(source: ManifestSource): Promise<string[]> {
  const files = await sourceFiles(source);
  return files.map((file) => file.slice(folder.path.length + 1));
}

const kustomize = (path: string) =>
  filesOf({ kind: 'kustomize', folder: folder.at(path) });

describe('the files of a kustomization', () => {
  it('are those it mentions, from one to the next, and those beside it', async () => {
    await folder.write({
      'dev/kustomization.yaml':
        'resources: [../base, "https://example.com/x"]\ncomponents: [../log/]\nconfigMapGenerator:\n- name: a\n  files: [b=../data/b.txt]\n  envs: [gone.env]\npatches:\n- path: patches/p.yaml\n',
      'dev/.beside.txt': '',
      'dev/patches/p.yaml': '',
      'dev/patches/unused.yaml': '',
      'base/kustomization.yml': 'bases:\n- ../deeper\n',
      'deeper/Kustomization': 'resources:\n- a.yaml\n- ../dev # a ring\n',
      'deeper/a.yaml': '',
      'log/kustomization.yaml': '',
      'data/b.txt': '',
      'data/unused.txt': '',
    });
    expect(await kustomize('dev')).toEqual([
      'base/kustomization.yml',
      'data/b.txt',
      'deeper/Kustomization',
      'deeper/a.yaml',
      'dev/.beside.txt',
      'dev/kustomization.yaml',
      'dev/patches/p.yaml',
      'log/kustomization.yaml',
    ]);
  });

  it('are those of a base above it, but not all that lies there', async () => {
    await folder.write({
      'k8s/kustomization.yaml': 'resources: [a.yaml]',
      'k8s/a.yaml': '',
      'k8s/other/b.yaml': '',
      'k8s/dev/kustomization.yaml':
        'resources: [..]\nnamePrefix: ../..\ncommonAnnotations: { path: / }\n',
    });
    expect(await kustomize('k8s/dev')).toEqual([
      'k8s/a.yaml',
      'k8s/dev/kustomization.yaml',
      'k8s/kustomization.yaml',
    ]);
  });

  it('are those its transformers name, and its charts', async () => {
    await folder.write({
      'k/kustomization.yaml':
        'transformers: [t/t.yaml]\nhelmGlobals: { chartHome: charts }\n',
      'k/t/t.yaml': 'kind: PatchTransformer\npath: t/p.yaml\n',
      'k/t/p.yaml': '',
      'k/charts/db/templates/a.yaml': '',
    });
    expect(await kustomize('k')).toEqual([
      'k/charts/db/templates/a.yaml',
      'k/kustomization.yaml',
      'k/t/p.yaml',
      'k/t/t.yaml',
    ]);
  });

  it('are those in its folder where it cannot be read', async () => {
    await folder.write({ 'k/kustomization.yaml': 'a: [', 'k/b.yaml': '' });
    expect(await kustomize('k')).toEqual(['k/b.yaml', 'k/kustomization.yaml']);
    expect(await kustomize('gone')).toEqual([]);
  });
});

it('are all of a chart, and its values', async () => {
  await folder.write({
    'chart/Chart.yaml': '',
    'chart/.helmignore': '',
    'chart/charts/db.tgz': '',
    'dev.yaml': '',
  });
  const values = [folder.at('dev.yaml'), folder.at('gone.yaml')];
  const chart = folder.at('chart');
  expect(
    await filesOf({ kind: 'helm', chart, release: 'a', values, set: {} }),
  ).toEqual([
    'chart/.helmignore',
    'chart/Chart.yaml',
    'chart/charts/db.tgz',
    'dev.yaml',
  ]);
});

it('are what a command names, and what YAML globs match', async () => {
  await folder.write({
    'cue/a.cue': '',
    'cue/node_modules/b.cue': '',
    'x.txt': '',
    'y.txt': '',
    'k8s/a.yaml': '',
    'k8s/a.txt': '',
  });
  const deps = ['cue', '*.txt', 'x.txt'].map((path) => folder.at(path));
  expect(
    await filesOf({ kind: 'command', command: 'x', dir: folder.path, deps }),
  ).toEqual(['cue/a.cue', 'x.txt', 'y.txt']);
  expect(await filesOf({ kind: 'yaml', globs: [folder.at('k8s')] })).toEqual([
    'k8s/a.yaml',
  ]);
});
