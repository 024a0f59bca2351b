import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { valuesIn } from '../manifest';
import type { JsonValue } from '../locate';
import { useTempFolder } from '../testing/temp-folder';
import type { ManifestSource, ReadValues } from './source';
import { sourceFiles } from './source-files';

const folder = useTempFolder();

function filesOf(
  source: ManifestSource,
  read: ReadValues = valuesIn,
): string[] {
  const files = sourceFiles(source, read);
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
    expect(kustomize('dev')).toEqual([
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
    expect(kustomize('k8s/dev')).toEqual([
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
    expect(kustomize('k')).toEqual([
      'k/charts/db/templates/a.yaml',
      'k/kustomization.yaml',
      'k/t/p.yaml',
      'k/t/t.yaml',
    ]);
  });

  it('are those in its folder where it cannot be read', async () => {
    await folder.write({ 'k/kustomization.yaml': 'a: [', 'k/b.yaml': '' });
    expect(kustomize('k')).toEqual(['k/b.yaml', 'k/kustomization.yaml']);
    expect(kustomize('gone')).toEqual([]);
  });

  it('come to an end where links make rings', async () => {
    await folder.write({
      'k/kustomization.yaml':
        'resources: [one, two, away, ring, shared.yaml, nothing]\n',
      'real/deep/kustomization.yaml': 'resources: [../beside.yaml]\n',
      'real/beside.yaml': '',
    });
    await folder.link('k/one', '.');
    await folder.link('k/two', '../k');
    await folder.link('k/away', '../real/deep');
    await folder.link('k/ring', 'ring');
    await folder.link('k/shared.yaml', '../real/beside.yaml');
    await folder.link('k/nothing', 'gone');
    await folder.link('current', 'k/one');
    const files = [
      'k/kustomization.yaml',
      'k/shared.yaml',
      'real/beside.yaml',
      'real/deep/kustomization.yaml',
    ];
    expect(kustomize('k')).toEqual(files);
    expect(kustomize('current')).toEqual(files);
  });

  it('are none that would be waited for', async () => {
    await mkdir(folder.at('k'));
    execFileSync('mkfifo', [folder.at('k/kustomization.yaml')]);
    await folder.write({ 'k/Kustomization': 'resources: [a.yaml]' });
    expect(kustomize('k')).toEqual(['k/Kustomization']);
  });

  it('are found in values that hold one value over and over', async () => {
    await folder.write({ 'k/kustomization.yaml': '', 'a.yaml': '' });
    let value: JsonValue = ['../a.yaml'];
    for (let depth = 0; depth < 10_000; depth++) value = [value, value];
    const read = (): JsonValue[] => [value];
    const source = { kind: 'kustomize', folder: folder.at('k') } as const;
    expect(filesOf(source, read)).toEqual(['a.yaml', 'k/kustomization.yaml']);
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
    filesOf({ kind: 'helm', chart, release: 'a', values, set: {} }),
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
    filesOf({ kind: 'command', command: 'x', dir: folder.path, deps }),
  ).toEqual(['cue/a.cue', 'x.txt', 'y.txt']);
  expect(filesOf({ kind: 'yaml', globs: [folder.at('k8s')] })).toEqual([
    'k8s/a.yaml',
  ]);
});

it('are those that links in a chart lead to, but not all around it', async () => {
  await folder.write({
    'app/chart/Chart.yaml': '',
    'app/other.yaml': '',
    'common/Chart.yaml': '',
  });
  await folder.link('app/chart/charts/common', '../../../common');
  await folder.link('app/chart/charts/chart', '..');
  await folder.link('app/chart/charts/app', '../..');
  await folder.link('common/again', '.');
  const chart = folder.at('app/chart');
  expect(
    filesOf({ kind: 'helm', chart, release: 'a', values: [], set: {} }),
  ).toEqual(['app/chart/Chart.yaml', 'common/Chart.yaml']);
});

describe('the files of a source', () => {
  const deps = (...paths: string[]): ManifestSource => ({
    kind: 'command',
    command: 'x',
    dir: folder.path,
    deps: paths.map((path) => folder.at(path)),
  });

  it('are none of what Nx looks into nowhere, whoever names it', async () => {
    await folder.write({
      'k/kustomization.yaml': 'resources: [../node_modules/a]',
      'node_modules/a/kustomization.yaml': 'resources: [../../b.yaml]',
      'b.yaml': '',
      '.nx/c.yaml': '',
      '.git/config': '',
    });
    expect(kustomize('k')).toEqual(['k/kustomization.yaml']);
    expect(kustomize('node_modules/a')).toEqual([]);
    const named = deps('node_modules/a', '.nx/*', '.git/config', 'b.yaml');
    expect(filesOf(named)).toEqual(['b.yaml']);
  });

  it('are those of a workspace that lies in such a folder itself', async () => {
    await folder.write({ '.nx/ws/a.yaml': '', '.nx/ws/.nx/b.yaml': '' });
    const source = deps('.nx/ws/a.yaml', '.nx/ws/.nx/b.yaml');
    expect(sourceFiles(source, valuesIn, folder.at('.nx/ws'))).toEqual([
      folder.at('.nx/ws/a.yaml'),
    ]);
    expect(filesOf(source)).toEqual([]);
  });

  it('are 10,000 at most, the nearest', async () => {
    await mkdir(folder.at('many/below'), { recursive: true });
    for (let file = 0; file < 10_001; file++) {
      fs.writeFileSync(folder.at(`many/below/${file}`), '');
    }
    await folder.write({ 'many/near': '' });
    const files = filesOf(deps('many'));
    expect(files).toHaveLength(10_000);
    expect(files).toContain('many/near');
  });

  it('are those around a folder that cannot be read', async () => {
    await folder.write({ 'cue/a.cue': '', 'cue/b/b.cue': '' });
    const { readdirSync } = fs;
    // The tests may run as root, who reads everything.
    const read = jest.spyOn(fs, 'readdirSync').mockImplementation(((
      path: string,
      ...options: []
    ) => {
      if (path === folder.at('cue/b')) throw new Error('EACCES');
      return readdirSync(path, ...options);
    }) as typeof readdirSync);
    expect(filesOf(deps('cue', 'a\0b', 'x'.repeat(10_000)))).toEqual([
      'cue/a.cue',
    ]);
    expect(read).toHaveBeenCalledTimes(2);
    read.mockRestore();
  });
});
