import { useTempFolder } from '../testing/temp-folder';
import { errorOf } from '../testing/slipway-error';
import { valuesIn } from '../manifest';
import { candidateSources, type Search } from './candidate-sources';
import { findSource } from './find-source';

const folder = useTempFolder();
const KUSTOMIZATION = 'kustomization.yaml';

const globs = () => [
  folder.at('{k8s,deploy}/**/*.{yaml,yml}'),
  folder.at('chart/*.yaml'),
];
const search = (parts: Partial<Search> = {}): Search => ({
  projectRoot: folder.path,
  globs: globs(),
  project: 'shop',
  readValues: valuesIn,
  ...parts,
});
const find = () => findSource(search());
const candidates = () => candidateSources(search());

describe('findSource', () => {
  it('takes the YAML that the globs match, in order', async () => {
    await folder.write({
      'k8s/b.yaml': '',
      'k8s/a/c.yml': '',
      'k8s/readme.md': '',
      'other/x.yaml': '',
      'k8s/node_modules/y.yaml': '',
    });
    expect(find()).toEqual({
      kind: 'yaml',
      globs: [folder.at('k8s/a/c.yml'), folder.at('k8s/b.yaml')],
    });
  });

  it('takes a kustomization, which owns the YAML below it', async () => {
    await folder.write({
      [`k8s/${KUSTOMIZATION}`]: 'resources: [a.yaml]',
      'k8s/a.yaml': '',
      'k8s/patches/b.yaml': '',
    });
    expect(find()).toEqual({
      kind: 'kustomize',
      folder: folder.at('k8s'),
    });
  });

  it('takes a chart, which owns the YAML below it, and its charts', async () => {
    await folder.write({
      'k8s/Chart.yaml': '',
      'k8s/values.yaml': '',
      'k8s/templates/a.yaml': '',
      'k8s/charts/b/Chart.yaml': '',
    });
    expect(find()).toEqual({
      kind: 'helm',
      chart: folder.at('k8s'),
      release: 'shop',
      values: [],
      set: {},
    });
  });

  it('passes a base over that the one overlay is built on', async () => {
    await folder.write({
      [`k8s/base/${KUSTOMIZATION}`]: 'resources:\n  - a.yaml\n',
      [`k8s/dev/${KUSTOMIZATION}`]: 'resources:\n  - ../base\n',
    });
    expect(find()).toMatchObject({ folder: folder.at('k8s/dev') });
  });

  it('names the candidates where there are several, and what to write', async () => {
    await folder.write({
      [`k8s/base/${KUSTOMIZATION}`]: '',
      [`k8s/dev/${KUSTOMIZATION}`]: 'resources:\n- ../base # ours\n',
      [`k8s/prod/${KUSTOMIZATION}`]: "resources:\n- '../base'\n",
      'deploy/a.yaml': '',
      'chart/Chart.yaml': '',
    });
    const { code, hint } = await errorOf(find);
    expect(code).toBe('SLIPWAY_E_SOURCE');
    expect(hint?.split('\n').slice(1)).toEqual([
      '    "source": { "yaml": ["deploy/*.yaml"] }',
      '    "source": { "kustomize": "k8s/dev" }',
      '    "source": { "kustomize": "k8s/prod" }',
      '    "source": { "helm": { "chart": "chart" } }',
    ]);
  });

  it.each(['kustomization.yaml', 'Kustomization', 'Chart.yaml'])(
    'takes the %s above what the globs match, up to the project',
    async (owner) => {
      await folder.write({ [owner]: '', 'k8s/templates/a.yaml': '' });
      expect(find()).toMatchObject(
        owner === 'Chart.yaml'
          ? { kind: 'helm', chart: folder.path }
          : { kind: 'kustomize', folder: folder.path },
      );
    },
  );

  it.each(['k8s/Kustomization', 'k8s/kustomization.yml'])(
    'takes %s with nothing beside it',
    async (file) => {
      await folder.write({ [file]: 'resources: ["https://example.com/x"]' });
      expect(find()).toMatchObject({ folder: folder.at('k8s') });
    },
  );

  it('reads what a kustomization is built on as YAML', async () => {
    await folder.write({
      [`k8s/a/${KUSTOMIZATION}`]: '',
      [`k8s/b/${KUSTOMIZATION}`]: 'components: ["../a/"]\nnamePrefix: ../dev\n',
      [`k8s/dev/${KUSTOMIZATION}`]: '{ "bases": [ ../b ] }',
    });
    expect(find()).toMatchObject({ folder: folder.at('k8s/dev') });
  });

  it('names kustomizations that are built on each other, and broken ones', async () => {
    await folder.write({
      [`k8s/a/${KUSTOMIZATION}`]: 'resources: [../b]',
      [`k8s/b/${KUSTOMIZATION}`]: 'resources: [../a]',
    });
    expect((await errorOf(find)).hint).toContain('"k8s/a"');
    await folder.write({ [`k8s/b/${KUSTOMIZATION}`]: 'resources: [' });
    expect(find()).toMatchObject({ folder: folder.at('k8s/a') });
  });

  it('writes a line that matches the files that are there', async () => {
    await folder.write({
      'k8s/a.yml': '',
      'k8s/b.yaml': '',
      'chart/Chart.yaml': '',
    });
    const { hint } = await errorOf(find);
    expect(hint).toContain('{ "yaml": ["k8s/*.yml", "k8s/*.yaml"] }');
  });

  it('follows no link to a folder, and says which one it cannot look through', async () => {
    await folder.write({ 'k8s/a.yaml': '', 'other/b.yaml': '' });
    await folder.link('k8s/link', '../other');
    expect(find()).toMatchObject({ globs: [folder.at('k8s/a.yaml')] });
    const gone = folder.at('gone');
    const { code, message } = await errorOf(() =>
      findSource(search({ projectRoot: gone, globs: [] })),
    );
    expect(code).toBe('SLIPWAY_E_SOURCE');
    expect(message).toContain(`${gone} cannot be looked through`);
  });

  it('looks into no folder of a project within this one', async () => {
    await folder.write({ 'k8s/a.yaml': '', 'deploy/shop/k8s/b.yaml': '' });
    const inner = new Set(['deploy/shop']);
    expect(findSource(search({ inner }))).toMatchObject({
      globs: [folder.at('k8s/a.yaml')],
    });
  });

  it('makes a release of any name of a project', async () => {
    await folder.write({ 'chart/Chart.yaml': '' });
    const releaseOf = (project: string) => {
      const source = findSource(search({ project }));
      return source.kind === 'helm' ? source.release : '';
    };
    expect(releaseOf('@acme/Shop_2')).toBe('acme-shop-2');
    expect(releaseOf('ü')).toBe('release');
    expect(releaseOf(`${'a'.repeat(52)}-b`)).toBe('a'.repeat(52));
  });

  it('says where it looked if there is none', async () => {
    const { message } = await errorOf(find);
    expect(message).toContain('no file matches {k8s,deploy}/**/*.{yaml,yml}');
  });
});

describe('candidateSources', () => {
  it('are all that a project could mean, and none where there is nothing', async () => {
    expect(candidates()).toEqual([]);
    await folder.write({
      'deploy/a.yaml': '',
      [`k8s/base/${KUSTOMIZATION}`]: '',
      [`k8s/dev/${KUSTOMIZATION}`]: 'resources: [../base]',
      [`k8s/prod/${KUSTOMIZATION}`]: 'resources: [../base]',
    });
    expect(candidates()).toEqual([
      { kind: 'yaml', globs: [folder.at('deploy/a.yaml')] },
      { kind: 'kustomize', folder: folder.at('k8s/dev') },
      { kind: 'kustomize', folder: folder.at('k8s/prod') },
    ]);
  });

  it('leave out what cannot be looked through', () => {
    const gone = folder.at('gone');
    expect(candidateSources(search({ projectRoot: gone, globs: [] }))).toEqual(
      [],
    );
  });

  it('ask the reader that they are given, once for each kustomization', async () => {
    await folder.write({
      [`k8s/a/${KUSTOMIZATION}`]: 'a',
      [`k8s/b/${KUSTOMIZATION}`]: 'b',
    });
    const read = jest.fn((_origin: string, text: string) =>
      text === 'b' ? [{ resources: ['../a', 7, null] }, null] : [],
    );
    expect(candidateSources(search({ readValues: read }))).toEqual([
      { kind: 'kustomize', folder: folder.at('k8s/b') },
    ]);
    expect(read.mock.calls).toEqual([
      [folder.at('k8s/a', KUSTOMIZATION), 'a'],
      [folder.at('k8s/b', KUSTOMIZATION), 'b'],
    ]);
  });
});
