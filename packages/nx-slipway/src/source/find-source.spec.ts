import { join } from 'node:path';
import { useTempFolder } from '../testing/temp-folder';
import { errorOf } from '../testing/slipway-error';
import { findSource } from './find-source';

const folder = useTempFolder();
const KUSTOMIZATION = 'kustomization.yaml';

const find = () =>
  findSource(
    folder.path,
    [
      join(folder.path, '{k8s,deploy}/**/*.{yaml,yml}'),
      join(folder.path, 'chart/*.yaml'),
    ],
    'shop',
  );

describe('findSource', () => {
  it('takes the YAML that the globs match, in order', async () => {
    await folder.write({
      'k8s/b.yaml': '',
      'k8s/a/c.yml': '',
      'k8s/readme.md': '',
      'other/x.yaml': '',
      'k8s/node_modules/y.yaml': '',
    });
    expect(await find()).toEqual({
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
    expect(await find()).toEqual({
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
    expect(await find()).toEqual({
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
    expect(await find()).toMatchObject({ folder: folder.at('k8s/dev') });
  });

  it('names the candidates where there are several, and what to write', async () => {
    await folder.write({
      [`k8s/base/${KUSTOMIZATION}`]: '',
      [`k8s/dev/${KUSTOMIZATION}`]: 'resources:\n- ../base # ours\n',
      [`k8s/prod/${KUSTOMIZATION}`]: "resources:\n- '../base'\n",
      'deploy/a.yaml': '',
      'chart/Chart.yaml': '',
    });
    const { code, hint } = await errorOf(find());
    expect(code).toBe('SLIPWAY_E_SOURCE');
    expect(hint?.split('\n').slice(1)).toEqual([
      '    "source": { "yaml": ["deploy/*.yaml"] }',
      '    "source": { "kustomize": "k8s/dev" }',
      '    "source": { "kustomize": "k8s/prod" }',
      '    "source": { "helm": { "chart": "chart" } }',
    ]);
  });

  it('says where it looked if there is none', async () => {
    const { message } = await errorOf(find());
    expect(message).toContain('no file matches {k8s,deploy}/**/*.{yaml,yml}');
  });
});
