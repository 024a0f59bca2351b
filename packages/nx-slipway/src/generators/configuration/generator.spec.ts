import {
  addProjectConfiguration,
  readJson,
  updateNxJson,
  type TargetConfiguration,
  type Tree,
} from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { valuesIn } from '../../manifest';
import configuration from './generator';
import type { ConfigurationGeneratorSchema } from './schema';

type Targets = Record<string, TargetConfiguration<Record<string, unknown>>>;

const ROOT = 'apps/web';
const OVERLAY = `${ROOT}/overlays/production/kustomization.yaml`;
const DEPLOYMENT = `kind: Deployment\nmetadata: { name: web }\n`;

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  useOptions({});
});

function useOptions(options: object) {
  updateNxJson(tree, { plugins: [{ plugin: 'nx-slipway', options }] });
}

function addWeb(targets: Targets = {}, file: string | null = 'k8s/web.yaml') {
  addProjectConfiguration(tree, 'web', { root: ROOT, targets });
  if (file !== null) tree.write(`${ROOT}/${file}`, DEPLOYMENT);
}

/** Formatting is Nx's business, and needs a formatter in the workspace. */
const run = (options: Partial<ConfigurationGeneratorSchema> = {}) =>
  configuration(tree, {
    project: 'web',
    name: 'production',
    skipFormat: true,
    ...options,
  });

const targets = () =>
  readJson<{ targets: Targets }>(tree, `${ROOT}/project.json`).targets;
const production = () =>
  targets().deploy?.configurations?.production as unknown;
const yaml = (path: string) =>
  valuesIn(path, tree.read(path, 'utf8') ?? '')[0] as unknown;

function snapshot() {
  const files = tree.listChanges().map(({ path }) => path);
  return Object.fromEntries(
    files.map((path) => [path, tree.read(path, 'utf8')]),
  );
}

describe('the configuration generator', () => {
  it('writes a configuration of deploy, which the other targets take over', async () => {
    addWeb();
    await run({
      context: 'prod-eu',
      namespace: 'shop',
      registry: 'ghcr.io/acme',
      pin: 'digest',
    });
    expect(targets()).toEqual({
      deploy: {
        configurations: {
          production: {
            context: 'prod-eu',
            namespace: 'shop',
            registry: 'ghcr.io/acme',
            pin: 'digest',
          },
        },
      },
    });
  });

  it('changes nothing when it is run again', async () => {
    addWeb();
    const options = { context: 'prod-eu', overlay: true, replicas: 2 };
    await run(options);
    const first = snapshot();
    await run(options);
    expect(snapshot()).toEqual(first);
  });

  it('adds to one that is there what it says nothing of', async () => {
    addWeb();
    await run({ context: 'prod-eu' });
    await run({ namespace: 'shop' });
    expect(production()).toEqual({ context: 'prod-eu', namespace: 'shop' });
  });

  it('changes one that says something else only by force', async () => {
    addWeb();
    await run({ context: 'prod-eu', namespace: 'shop' });
    const before = snapshot();
    await expect(run({ context: 'prod-us', namespace: 'b' })).rejects.toThrow(
      /^SLIPWAY_E_EXISTS: web:deploy:production is there already, with context "prod-eu" and namespace "shop"\n +hint: .*--force/,
    );
    expect(snapshot()).toEqual(before);
    await run({ context: 'prod-us', force: true });
    expect(production()).toEqual({ context: 'prod-us', namespace: 'shop' });
  });

  it('leaves what else the project says of its deployment', async () => {
    const deploy = {
      executor: 'nx-slipway:deploy',
      options: { namespace: 'dev' },
      configurations: { staging: { namespace: 'staging' } },
    };
    addWeb({ deploy, test: { command: 'x' } });
    await run({ namespace: 'shop' });
    expect(targets()).toMatchObject({ test: { command: 'x' } });
    expect(targets().deploy).toEqual({
      ...deploy,
      configurations: {
        staging: { namespace: 'staging' },
        production: { namespace: 'shop' },
      },
    });
  });

  it('keeps for deploy what it took over of serve', async () => {
    addWeb({
      serve: {
        options: { context: 'kind', logs: 'all' },
        configurations: { ci: { namespace: 'ci', logs: 'none' } },
      },
    });
    await run({ namespace: 'shop' });
    expect(targets().deploy).toEqual({
      options: { context: 'kind' },
      configurations: {
        ci: { namespace: 'ci' },
        production: { namespace: 'shop' },
      },
    });
  });

  it('writes to the target that nx.json calls deploy', async () => {
    useOptions({ targetNames: { deploy: 'ship' } });
    addWeb({ deploy: { command: 'firebase deploy' } });
    await run({ namespace: 'shop' });
    expect(targets().ship?.configurations).toEqual({
      production: { namespace: 'shop' },
    });
  });

  it.each([
    [{ project: 'wep', context: 'a' }, /Did you mean web\?/],
    [{}, /the configuration production would say nothing/],
    [{ registry: 'http://x' }, /--registry is "http:\/\/x"/],
    [{ replicas: 2, context: 'a' }, /--replicas is of the overlay/],
    [{ base: 'k8s', context: 'a' }, /--base is of the overlay/],
    [{ overlay: true, values: ['a.yaml'] }, /--values is for a Helm chart/],
    [{ values: ['a.yaml'] }, /the project web deploys no Helm chart/],
    [{ source: 'overlays/x' }, /no manifests in apps\/web\/overlays\/x/],
    [{ source: '../../../etc' }, /"..\/..\/..\/etc" is not in this workspace/],
    [
      { overlay: true, source: '{workspaceRoot}/../x' },
      /is not in this workspace/,
    ],
  ])('refuses %j and writes nothing', async (options, message) => {
    addWeb();
    const before = snapshot();
    await expect(run(options)).rejects.toThrow(message);
    expect(snapshot()).toEqual(before);
  });

  it('is refused where deploy is somebody else', async () => {
    addWeb({ deploy: { executor: '@acme/x:deploy' } });
    await expect(run({ context: 'a' })).rejects.toThrow(
      /^SLIPWAY_E_EXISTS: .*which runs @acme\/x:deploy[^]*targetNames/,
    );
  });
});

describe('its source', () => {
  it.each([
    ['ops/prod', 'ops/prod/Kustomization', { kustomize: 'ops/prod' }],
    ['chart', 'chart/Chart.yaml', { helm: { chart: 'chart' } }],
    ['ops', 'ops/web.yml', { yaml: ['ops'] }],
    ['ops/web.yaml', 'ops/web.yaml', { yaml: ['ops/web.yaml'] }],
    ['ops/*.yaml', 'x', { yaml: ['ops/*.yaml'] }],
  ])('%s is what lies there', async (source, file, written) => {
    addWeb();
    tree.write(`${ROOT}/${file}`, DEPLOYMENT);
    await run({ source });
    expect(production()).toEqual({ source: written });
  });

  it('may lie outside of the project', async () => {
    addWeb();
    tree.write('ops/kustomization.yaml', '');
    await run({ source: '{workspaceRoot}/ops' });
    expect(production()).toEqual({
      source: { kustomize: '{workspaceRoot}/ops' },
    });
  });

  it('is the chart of the project, with values of its own', async () => {
    const helm = { chart: 'chart', release: 'shop' };
    addWeb({ deploy: { options: { source: { helm } } } });
    await run({ values: ['production.yaml'] });
    expect(production()).toEqual({
      source: { helm: { ...helm, values: ['production.yaml'] } },
    });
  });

  it('is the chart that is found, with values of its own', async () => {
    addWeb({}, 'deploy/web/Chart.yaml');
    await run({ values: ['a.yaml'] });
    expect(production()).toEqual({
      source: { helm: { chart: 'deploy/web', values: ['a.yaml'] } },
    });
  });
});

describe('an overlay', () => {
  it('is made over the manifests, which are listed and not moved', async () => {
    addWeb();
    tree.write(
      `${ROOT}/k8s/db/db.yaml`,
      'kind: StatefulSet\nmetadata: {name: db}',
    );
    await run({ overlay: true, namespace: 'shop', replicas: 3 });
    expect(production()).toEqual({
      source: { kustomize: 'overlays/production' },
      namespace: 'shop',
    });
    expect(yaml(OVERLAY)).toMatchObject({
      kind: 'Kustomization',
      namespace: 'shop',
      resources: ['../../k8s'],
      replicas: [
        { name: 'db', count: 3 },
        { name: 'web', count: 3 },
      ],
    });
    expect(yaml(`${ROOT}/k8s/kustomization.yaml`)).toMatchObject({
      kind: 'Kustomization',
      resources: ['db/db.yaml', 'web.yaml'],
    });
    expect(tree.read(`${ROOT}/k8s/web.yaml`, 'utf8')).toBe(DEPLOYMENT);
    expect(targets().deploy).not.toHaveProperty('options');
  });

  it('is made over the base that is there, also a second one', async () => {
    addWeb({}, 'k8s/base/web.yaml');
    const base = `${ROOT}/k8s/base/kustomization.yaml`;
    tree.write(base, 'resources: [web.yaml]\n');
    tree.write(`${ROOT}/k8s/dev/kustomization.yaml`, 'resources: [../base]\n');
    await run({ overlay: true });
    await run({ overlay: true, name: 'staging' });
    expect(yaml(OVERLAY)).toMatchObject({ resources: ['../../k8s/base'] });
    expect(tree.exists(`${ROOT}/overlays/staging/kustomization.yaml`)).toBe(
      true,
    );
    expect(tree.read(base, 'utf8')).toBe('resources: [web.yaml]\n');
  });

  it('lies where it is told, over what it is told', async () => {
    addWeb();
    tree.write('ops/web.yaml', DEPLOYMENT);
    await run({
      overlay: true,
      source: '{workspaceRoot}/ops-prod',
      base: '{workspaceRoot}/ops',
    });
    expect(yaml('ops-prod/kustomization.yaml')).toMatchObject({
      resources: ['../ops'],
    });
    expect(yaml('ops/kustomization.yaml')).toMatchObject({
      resources: ['web.yaml'],
    });
  });

  it('builds no image again, where that is built of all of the project', async () => {
    const executor = 'nx-slipway:custom-build';
    addWeb({
      'custom-build': { options: { ref: 'a', deps: ['.'], ignore: ['*.md'] } },
      second: { executor, options: { ref: 'b' } },
      third: { executor, options: { ref: 'c', deps: ['src'] } },
    });
    await run({ overlay: true });
    await run({ overlay: true, name: 'staging' });
    const ignored = Object.entries(targets()).map(
      ([name, { options }]) => [name, options?.ignore] as const,
    );
    expect(Object.fromEntries(ignored)).toEqual({
      'custom-build': ['*.md', 'overlays'],
      second: ['overlays'],
      third: undefined,
      deploy: undefined,
    });
  });

  it('is not what the project deploys otherwise, where globs find it', async () => {
    useOptions({ manifests: ['{projectRoot}/**/*.yaml'] });
    addWeb();
    await run({ overlay: true });
    await run({ overlay: true, name: 'staging', base: 'k8s' });
    expect(targets().deploy?.options).toEqual({ source: { kustomize: 'k8s' } });
  });

  it('that says something else stays as it is, also by force', async () => {
    addWeb();
    tree.write(OVERLAY, 'resources: [mine.yaml]\n');
    const before = snapshot();
    await expect(run({ overlay: true, force: true })).rejects.toThrow(
      /^SLIPWAY_E_EXISTS: .*overlays\/production\/kustomization.yaml is there/,
    );
    expect(snapshot()).toEqual(before);
    await run({ source: 'overlays/production' });
    expect(production()).toEqual({
      source: { kustomize: 'overlays/production' },
    });
  });

  it.each<[string, string | null, Partial<ConfigurationGeneratorSchema>]>([
    ['holds no manifests', null, {}],
    ['holds a Helm chart, k8s', 'k8s/Chart.yaml', {}],
    ['apps/web/none holds no YAML', 'k8s/web.yaml', { base: 'none' }],
    ['would lie in apps/web/k8s', 'k8s/web.yaml', { source: 'k8s/prod' }],
    ['--replicas is given', 'k8s/settings.yaml', { replicas: 1 }],
  ])('is refused: %s', async (message, file, options) => {
    addWeb({}, file);
    if (file === 'k8s/settings.yaml') {
      tree.write(`${ROOT}/${file}`, 'kind: ConfigMap\n');
    }
    await expect(run({ overlay: true, ...options })).rejects.toThrow(message);
  });

  it('is refused where there is more than one base', async () => {
    addWeb();
    tree.write(`${ROOT}/deploy/web.yaml`, DEPLOYMENT);
    await expect(run({ overlay: true })).rejects.toThrow(
      'more than one folder',
    );
    for (const folder of ['k8s', 'deploy']) {
      tree.write(`${ROOT}/${folder}/kustomization.yaml`, 'resources: []\n');
    }
    await expect(run({ overlay: true })).rejects.toThrow(
      'several kustomizations: deploy, k8s',
    );
  });
});
