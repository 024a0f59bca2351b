import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureSandbox, sandboxEnv } from '@nx-slipway/sandbox';
import { execa } from 'execa';
import { readManifests } from '../../../packages/nx-slipway/src/manifest';
import {
  readSource,
  type ManifestSource,
} from '../../../packages/nx-slipway/src/source';
import { recordingReporter } from '../../../packages/nx-slipway/src/testing/recording-reporter';
import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n';

/** The user's own tools, the real ones. */
describe('manifests made by', () => {
  let root: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    env = sandboxEnv(await ensureSandbox());
  });
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'slipway-sources-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function write(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
  }

  const texts = (
    source: ManifestSource,
    path = env.PATH,
    reporter = recordingReporter(),
  ) =>
    readSource(source, {
      root,
      namespace: 'shop',
      env: { ...env, PATH: path, HOME: root },
      reporter,
      secrets: () => [],
      signal: new AbortController().signal,
    });

  async function objects(source: ManifestSource, path?: string) {
    const set = readManifests(await texts(source, path));
    return set.objects.map(({ object }) => object);
  }

  const kustomize = (folder: string): ManifestSource => ({
    kind: 'kustomize',
    folder: join(root, folder),
  });

  const overlay = () =>
    write({
      'base/kustomization.yaml':
        'resources: [map.yaml]\nconfigMapGenerator:\n- name: made\n  literals: [a=1]\n',
      'base/map.yaml': CONFIG_MAP,
      'dev/kustomization.yaml': 'namespace: dev\nresources: [../base]\n',
    });

  it('kustomize: an overlay, with generated names', async () => {
    await overlay();
    const made = await objects(kustomize('dev'));
    expect(made.map(({ metadata }) => metadata)).toEqual([
      {
        name: expect.stringMatching(/^made-[a-z0-9]{10}$/) as string,
        namespace: 'dev',
      },
      { name: 'x', namespace: 'dev' },
    ]);
    const [text] = await texts(kustomize('dev'));
    expect(text?.origin).toBe('kustomize build dev');
  });

  it("kubectl's own kustomize, where there is no other, alike", async () => {
    await overlay();
    const path = (env.PATH ?? '')
      .split(':')
      .filter((folder) => !folder.includes('kustomize'))
      .join(':');
    const [text] = await texts(kustomize('dev'), path);
    expect(text?.origin).toBe('kubectl kustomize dev');
    expect(await objects(kustomize('dev'), path)).toEqual(
      await objects(kustomize('dev')),
    );
  });

  it('a kustomization that cannot be built: its own words', async () => {
    await write({ 'dev/kustomization.yaml': 'resources: [gone.yaml]\n' });
    const { code, message } = await errorOf(texts(kustomize('dev')));
    expect(code).toBe('SLIPWAY_E_SOURCE');
    expect(message).toMatch(
      /kustomize build .*dev ended with exit code 1[^]*gone\.yaml/,
    );
  });

  it('a base in a git repository, and one that cannot be reached', async () => {
    const git = (...args: string[]) =>
      execa('git', ['-C', join(root, 'far'), ...args], {
        env: { GIT_CONFIG_GLOBAL: '/dev/null' },
      });
    await write({
      'far/base/kustomization.yaml': 'resources: [map.yaml]\n',
      'far/base/map.yaml': CONFIG_MAP,
      'dev/kustomization.yaml': `resources: ["file://${root}/far//base"]\n`,
      'lost/kustomization.yaml':
        'resources: ["https://localhost:1/a/b//base?ref=v1"]\n',
    });
    await git('init', '-q');
    await git('add', '.');
    const me = ['-c', 'user.name=a', '-c', 'user.email=a@b.test'];
    await git(...me, 'commit', '-qm', 'base');
    expect(await objects(kustomize('dev'))).toMatchObject([
      { metadata: { name: 'x' } },
    ]);
    const { code, message, hint } = await errorOf(texts(kustomize('lost')));
    expect(code).toBe('SLIPWAY_E_SOURCE');
    expect(message).toMatch(/https:\/\/localhost:1\/a\/b.*[Cc]onnect/);
    expect(hint).toContain('Bases at a URL need git and the network.');
  });

  it('kustomize, with its warnings shown and not read', async () => {
    await overlay();
    await write({ 'old/kustomization.yaml': 'bases: [../base]\n' });
    const reporter = recordingReporter();
    const [text] = await texts(kustomize('old'), env.PATH, reporter);
    expect(reporter.printed.stderr).toContain("'bases' is deprecated");
    expect(text?.text).not.toContain('deprecated');
  });

  it('kustomize with a field it does not know: its version', async () => {
    await write({ 'dev/kustomization.yaml': 'fromTheFuture: {}\n' });
    const { message, hint } = await errorOf(texts(kustomize('dev')));
    expect(message).toContain('unknown field "fromTheFuture"');
    expect(hint).toMatch(/`kustomize version` says: v5\.\d+\.\d+\./);
  });

  const chart = (parts: object = {}): ManifestSource => ({
    kind: 'helm',
    chart: join(root, 'chart'),
    release: 'web',
    values: [],
    set: {},
    ...parts,
  });

  const writeChart = (more: Record<string, string> = {}) =>
    write({
      'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
      'chart/values.yaml': 'size: 1\nnames: { a: chart, b: chart }\n',
      'chart/templates/map.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-{{ .Release.Namespace }}\ndata:\n  a: {{ .Values.names.a | quote }}\n  b: {{ .Values.names.b | quote }}\n  size: {{ add .Values.size 1 | quote }}\n',
      'chart/crds/widget.yaml':
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: widgets.acme.dev\n',
      'chart/templates/test.yaml': `${CONFIG_MAP}  annotations: { helm.sh/hook: test }\n`,
      'chart/templates/gone.yaml': `${CONFIG_MAP.replace('x', 'gone')}  annotations: { helm.sh/hook: post-delete }\n`,
      ...more,
    });

  it('helm: values, what is set, the namespace, its definitions', async () => {
    await writeChart({ 'dev.yaml': 'names: { a: dev, b: dev }\n' });
    const made = await objects(
      chart({
        values: [join(root, 'dev.yaml')],
        set: { 'names.b': 'x,y={z}', size: 4, 'deep.er': { 'a.b': null } },
      }),
    );
    expect(made).toMatchObject([
      { kind: 'CustomResourceDefinition' },
      {
        metadata: { name: 'web-shop' },
        data: { a: 'dev', b: 'x,y={z}', size: '5' },
      },
    ]);
    expect(made).toHaveLength(2);
  });

  it('helm: an error in what a template makes names it', async () => {
    await writeChart({ 'chart/templates/bad.yaml': 'a: 1\na.b: [\n' });
    await expect(objects(chart())).rejects.toEqual(
      expect.objectContaining({
        code: 'SLIPWAY_E_SOURCE',
        message: expect.stringContaining('shop/templates/bad.yaml') as string,
      }),
    );
    await write({ 'chart/templates/bad.yaml': 'a: 1\n' });
    const { code, message } = await errorOf(objects(chart()));
    expect(code).toBe('SLIPWAY_E_MANIFEST');
    expect(message).toMatch(
      /^helm template web chart, shop\/templates\/bad\.yaml:3:1: /,
    );
  });

  it('helm: null takes a default of the chart away', async () => {
    await writeChart();
    const [, map] = await objects(chart({ set: { 'names.a': null } }));
    expect(map).toMatchObject({ data: { a: null, b: 'chart' } });
  });

  it('helm: hooks for installation are objects, others are left out', async () => {
    await writeChart({
      'chart/templates/job.yaml': `${CONFIG_MAP.replace('x', 'first')}  annotations: { helm.sh/hook: "pre-install,pre-upgrade" }\n`,
    });
    const reporter = recordingReporter();
    const read = readManifests(await texts(chart(), env.PATH, reporter));
    expect(read.objects.map(({ object }) => object.metadata.name)).toEqual([
      'widgets.acme.dev',
      'web-shop',
      'first',
    ]);
    expect(reporter.lines).toEqual([
      'hooks are deployed as the objects that they are: ConfigMap/first',
      'left out, as hooks for deletion or rollback: ConfigMap/gone',
    ]);
  });

  it.each([
    [
      'a template that fails',
      { 'chart/templates/map.yaml': '{{ fail "no size" }}' },
      /no size/,
    ],
    [
      'a dependency that is missing',
      {
        'chart/Chart.yaml':
          'apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies:\n- { name: db, version: 1.0.0, repository: "file://../db" }\n',
      },
      /db/,
    ],
  ])('helm with %s: its own words', async (_, files, why) => {
    await writeChart(files);
    const { code, message, hint } = await errorOf(texts(chart()));
    expect(code).toBe('SLIPWAY_E_SOURCE');
    expect(message).toMatch(why);
    expect(hint).toContain('helm dependency build');
  });

  it('helm where there is none', async () => {
    await writeChart();
    const { code, message, hint } = await errorOf(
      texts(chart(), '/usr/bin:/bin'),
    );
    expect(code).toBe('SLIPWAY_E_TOOL_MISSING');
    expect(message).toContain('helm was not found');
    expect(hint).toContain('https://helm.sh');
  });
});
