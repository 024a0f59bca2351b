import { execFileSync, spawn } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { deployment, image } from './testing/build';
import { useWorkspace, type Given } from './testing/workspace';

const workspace = useWorkspace();

/** The images of this workspace that the manifests of a pure project use. */
async function uses(
  files: Readonly<Record<string, unknown>>,
  given?: Given,
  project: object = {},
): Promise<readonly string[] | undefined> {
  const below = Object.entries(files).map(([name, content]) => [
    `shop/${name}`,
    content,
  ]);
  await workspace.put({
    'apps/web/project.json': image('web'),
    'apps/api/project.json': image('gcr.io/acme/api', {}, { name: 'api' }),
    'apps/op/project.json': image('op', { matchInEnvVars: true }),
    'apps/tagged/project.json': image('tagged:1', {}, { name: 'tagged' }),
    'shop/project.json': { name: 'shop', ...project },
    ...(Object.fromEntries(below) as Record<string, unknown>),
  });
  const { slipway, targets } = workspace.infer(given).shop ?? {};
  const names = slipway?.uses?.map((name) => name.replace(/^.*\//, '')) ?? [];
  const projects = [...names].sort();
  // All agree: what is told, what is waited for, and the edges.
  expect(slipway?.edges ?? []).toEqual(projects.map((name) => `apps/${name}`));
  const waited = targets?.deploy?.dependsOn ?? [];
  expect(waited).toEqual(
    projects.length > 0 ? [{ projects, target: 'custom-build' }] : [],
  );
  expect(targets?.render?.dependsOn ?? []).toEqual(waited);
  return slipway?.uses && names;
}

const pod = (spec: object, kind = 'Pod') => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x' },
  spec,
});
const container = (name: string, more: object = {}) => ({
  name: 'c',
  image: name,
  ...more,
});
const other = container('other');

describe('an image is found', () => {
  it.each([
    ['web'],
    ['web:1.2'],
    ['docker.io/web'],
    ['docker.io/library/web:latest'],
    ['index.docker.io/library/web'],
    [`web@sha256:${'0'.repeat(64)}`],
    [`web:1@sha256:${'0'.repeat(64)}`],
  ])('under each way to write its name: %s', async (name) => {
    expect(await uses({ 'k8s/a.yaml': deployment(name) })).toEqual(['web']);
  });

  it.each([
    ['web2'],
    ['acme/web'],
    ['gcr.io/web'],
    ['$(WEB)'],
    ['Web'],
    [''],
    ['api'],
  ])('under no other name: %j', async (name) => {
    expect(await uses({ 'k8s/a.yaml': deployment(name) })).toEqual([]);
  });

  it.each([
    ['tagged:1', ['tagged']],
    ['tagged:2', []],
    ['tagged', []],
  ])('by the tag that it has: %s', async (name, found) => {
    expect(await uses({ 'k8s/a.yaml': deployment(name) })).toEqual(found);
  });

  it.each([
    ['containers', pod({ containers: [container('web')] })],
    [
      'initContainers',
      pod({ initContainers: [container('web')], containers: [other] }),
    ],
    [
      'ephemeralContainers',
      pod({ ephemeralContainers: [container('web')], containers: [other] }),
    ],
    [
      'jobs of a CronJob',
      pod(
        {
          jobTemplate: {
            spec: { template: { spec: { containers: [container('web')] } } },
          },
        },
        'CronJob',
      ),
    ],
    [
      'a kind of its own',
      pod({ deep: [{ runner: { containers: [container('web')] } }] }, 'Widget'),
    ],
    [
      'image volumes',
      pod({
        containers: [other],
        volumes: [{ name: 'v', image: { reference: 'web' } }],
      }),
    ],
    [
      'the items of a List',
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [pod({ containers: [container('web')] })],
      },
    ],
    [
      'the items of a List in one',
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [
          { kind: 'PodList', items: [pod({ containers: [container('web')] })] },
        ],
      },
    ],
  ])('in %s', async (_, object) => {
    expect(await uses({ 'k8s/a.yaml': object })).toEqual(['web']);
  });

  it('in values of variables if its build says so', async () => {
    const env = ['op:1', 'web'].map((value) => ({ name: 'IMAGE', value }));
    const file = pod({ containers: [container('other', { env })] });
    expect(await uses({ 'k8s/a.yaml': file })).toEqual(['op']);
  });

  it('in every document, whatever stands before', async () => {
    const text = `# a\n---\n---\nnull\n---\n${deployment('web')}\n---\n${deployment('gcr.io/acme/api')}\n...\n`;
    expect(await uses({ 'k8s/a.yaml': text })).toEqual(['api', 'web']);
  });

  it('behind aliases and merges', async () => {
    const text = [
      'apiVersion: v1',
      'kind: Pod',
      'metadata: { name: x }',
      'x-name: &name web',
      'x-api: &api { name: a, image: gcr.io/acme/api }',
      'spec:',
      '  containers:',
      '    - { name: c, image: *name }',
      '    - { <<: *api, name: d }',
    ];
    expect(await uses({ 'k8s/a.yaml': text.join('\n') })).toEqual([
      'api',
      'web',
    ]);
  });

  it('in every file that the globs match, folders below too', async () => {
    const files = {
      'k8s/deep/a.yml': deployment('web'),
      'manifests/b.yaml': deployment('op'),
    };
    expect(await uses(files)).toEqual(['op', 'web']);
  });

  it('in no file that they do not', async () => {
    expect(
      await uses({
        'other/a.yaml': deployment('web'),
        'k8s/a.txt': deployment('web'),
      }),
    ).toBeUndefined();
  });

  it('where the globs of the plugin lead', async () => {
    const files = { 'infra/shop.json': deployment('web') };
    const options = { manifests: ['{projectRoot}/infra/{projectName}.json'] };
    expect(await uses(files, { options })).toEqual(['web']);
  });

  it('in none of what is data or told by people', async () => {
    const containers = [container('web')];
    const files = {
      'k8s/a.yaml': {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'x' },
        data: { containers },
      },
      'k8s/b.yaml': { ...pod({ containers: [] }), status: { containers } },
    };
    expect(await uses(files)).toEqual([]);
  });
});

describe('locators', () => {
  const widget = (spec: object) => ({
    ...pod(spec, 'Widget'),
    apiVersion: 'acme.dev/v1',
  });

  it('lead to a text', async () => {
    const options = { locators: [{ kind: 'Widget', path: '{.spec.runtime}' }] };
    expect(
      await uses({ 'k8s/a.yaml': widget({ runtime: 'web:1' }) }, { options }),
    ).toEqual(['web']);
  });

  it('lead to the parts of an image', async () => {
    const object = { repository: 'repo', registry: 'host', tag: 'tag' };
    const options = {
      locators: [{ kind: 'Widget', path: '{.spec.image}', object }],
    };
    const parts = { repo: 'acme/api', host: 'gcr.io', tag: 1 };
    expect(
      await uses({ 'k8s/a.yaml': widget({ image: parts }) }, { options }),
    ).toEqual(['api']);
  });

  it('lead into YAML in a text', async () => {
    const options = {
      locators: [
        {
          kind: 'Widget',
          path: '{.spec.config}',
          format: 'yaml' as const,
          then: '{.job.image}',
        },
      ],
    };
    expect(
      await uses(
        { 'k8s/a.yaml': widget({ config: 'job:\n  image: web\n' }) },
        { options },
      ),
    ).toEqual(['web']);
  });

  it('that lead elsewhere stop nothing', async () => {
    const options = { locators: [{ kind: 'Widget', path: '{.spec.runtime}' }] };
    const files = {
      'k8s/a.yaml': widget({ runtime: { deep: 1 } }),
      'k8s/b.yaml': deployment('web'),
    };
    expect(await uses(files, { options })).toEqual(['web']);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['torn', 'spec: { containers: [ { image: web'],
    ['a template', 'image: {{ .Values.host }}/web:{{ .tag }}\n{{ end }}'],
    ['tabs', 'spec:\n\tcontainers:\n\t\t- image: "web"'],
    ['of no known tag', 'a: !x {\nimage: web'],
  ])('counts for every image that it mentions: %s', async (_, text) => {
    expect(await uses({ 'k8s/a.yaml': text })).toEqual(['web']);
  });

  it.each([
    ['empty', ''],
    ['a number', '5'],
    ['zeros', '\0\0\0'],
    ['bytes of no text', '\u{d800}'],
    ['a scalar', 'web2 webs'],
  ])('is nothing where nothing is: %s', async (_, text) => {
    expect(await uses({ 'k8s/a.yaml': text })).toEqual([]);
  });

  it.each([
    ['folders within folders', `${'['.repeat(100_000)}`],
    ['maps in maps', `${'{a: '.repeat(100_000)}`],
    ['lists in lists', `${'- '.repeat(100_000)}x`],
    ['a bomb', bomb(30)],
    ['a bomb of images', `${bomb(30)}\nkind: Pod\nspec: *a29`],
    ['a circle', 'kind: Pod\nspec: &a { containers: [*a] }'],
    ['dashes', `{ a${'-'.repeat(300_000)}b`],
    ['colons', `{ a${'.:'.repeat(150_000)}b`],
    ['one long word', `{ ${'a/'.repeat(300_000)}`],
  ])('takes no time: %s', async (_, text) => {
    const start = performance.now();
    const files = { 'k8s/a.yaml': text, 'k8s/b.yaml': deployment('web') };
    expect(await uses(files)).toEqual(['web']);
    // Half a minute would be without end.
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('is a pipe that a link leads to, and nobody waits for it', async () => {
    await workspace.put({ 'pipe/web.yaml': deployment('web') });
    execFileSync('mkfifo', [workspace.at('pipe/fifo')]);
    await workspace.link('shop/k8s/a.yaml', '../../pipe/fifo');
    // Else a read would wait for ever.
    const writer = spawn('sh', ['-c', 'exec cat web.yaml > fifo'], {
      cwd: workspace.at('pipe'),
    });
    try {
      expect(await uses({})).toEqual([]);
    } finally {
      writer.kill();
    }
  });

  it('is longer than any manifest', async () => {
    await workspace.put({ 'shop/k8s/a.yaml': deployment('web') });
    truncateSync(workspace.at('shop/k8s/a.yaml'), 65 * 1024 * 1024);
    expect(await uses({})).toEqual([]);
  });

  it.each([['kustomization.yaml'], ['Chart.yaml'], ['values.yaml']])(
    'is no matter in what tools read: %s',
    async (name) => {
      for (const text of ['{ torn', '['.repeat(9_000), bomb(30), '- *x']) {
        const files = {
          [`k8s/${name}`]: text,
          'k8s/templates/a.yaml': deployment('web'),
          'k8s/other/kustomization.yaml': '{}',
        };
        await uses(files);
      }
    },
  );
});

/** Aliases that stand for 10 to the power of so many values. */
function bomb(depth: number): string {
  const lines = Array.from({ length: depth }, (_, index) =>
    index === 0
      ? 'a0: &a0 { name: web2, image: webs }'
      : `a${index}: &a${index} [${Array(10)
          .fill(`*a${index - 1}`)
          .join(', ')}]`,
  );
  return lines.join('\n');
}

describe('two that claim one image', () => {
  it('have neither edge nor task: who deploys it names both', async () => {
    await workspace.put({
      'apps/other/project.json': {
        ...image('docker.io/library/web'),
        name: 'other',
      },
    });
    expect(await uses({ 'k8s/a.yaml': deployment('web', 'op') })).toEqual([
      'op',
    ]);
  });

  it('are none if one of them is never built', async () => {
    await workspace.put({
      'apps/other/project.json': {
        ...image('web', { command: ':' }),
        name: 'other',
      },
    });
    expect(await uses({ 'k8s/a.yaml': deployment('web') })).toEqual(['web']);
  });

  it('are none if they have different tags', async () => {
    await workspace.put({
      'apps/other/project.json': { ...image('tagged:2'), name: 'other' },
    });
    expect(await uses({ 'k8s/a.yaml': deployment('tagged:1') })).toEqual([
      'tagged',
    ]);
  });
});

describe('what only a tool makes manifests of', () => {
  it('is a kustomization with its bases and components', async () => {
    await workspace.put({
      'infra/base/kustomization.yaml': 'resources: [web.yaml]',
      'infra/base/web.yaml': deployment('web'),
      'infra/parts/kustomization.yaml':
        'kind: Component\nimages: [{ name: gcr.io/acme/api, newTag: x }]',
    });
    const kustomization =
      'resources: [../../infra/base]\ncomponents: [../../infra/parts]';
    const found = await uses({ 'k8s/kustomization.yaml': kustomization });
    expect(found).toEqual(['api', 'web']);
    // A change there is one of the project, which holds none of the files.
    expect(workspace.infer().shop?.targets.deploy?.inputs).toEqual(
      expect.arrayContaining([
        '{workspaceRoot}/infra/base/*',
        '{workspaceRoot}/infra/parts/*',
      ]),
    );
  });

  it.each([
    ['repository: web\ntag: 1', 'web'],
    ['image: gcr.io/acme/api:1', 'api'],
    ['registry: gcr.io\nrepository: acme/api', 'api'],
    ['image: "{{ .Values.host }}/acme/api:{{ .Values.tag }}"', 'api'],
    ['image: "{{ .Values.host }}/acme/api:1.2"', 'api'],
  ])('is a chart with its values: %s', async (values, name) => {
    const files = {
      'k8s/chart/Chart.yaml': 'name: shop',
      'k8s/chart/values.yaml': values,
    };
    expect(await uses(files)).toEqual([name]);
  });

  it('is a command by what it reads', async () => {
    await workspace.put({ 'tools/shop.jsonnet': '{ image: "op" }' });
    const source = {
      command: 'jsonnet shop.jsonnet',
      deps: ['{workspaceRoot}/tools', 'gone'],
    };
    const targets = {
      deploy: { executor: 'nx-slipway:deploy', options: { source } },
    };
    expect(await uses({}, {}, { targets })).toEqual(['op']);
    expect(workspace.infer().shop?.targets.deploy?.inputs).toEqual([
      '{projectRoot}/**/*',
      '{workspaceRoot}/tools/*',
      '{workspaceRoot}/tools/**/*',
    ]);
  });

  it('is added to by `images`, whatever is wrong with the source', async () => {
    const images = [
      'web',
      'nobody',
      5,
      'gcr.io/acme/{projectName}',
      'Not A Ref',
    ];
    const options = { source: { helm: 3 }, images };
    const configurations = { eu: { images: ['op'] } };
    const targets = {
      deploy: { executor: 'nx-slipway:deploy', options, configurations },
    };
    expect(await uses({}, {}, { targets })).toEqual(['op', 'web']);
  });

  it.each([
    [{ yaml: ['../apps/web/none/*.yaml'] }],
    [{ yaml: ['../../../../../**/*.yaml'] }],
    [{ kustomize: '../../..' }],
    [{ kustomize: 'gone' }],
    [{ helm: { chart: 'gone' } }],
    [{ command: 'x', deps: ['a\0b'] }],
    ['k8s'],
    [null],
    [{ yaml: ['k8s/**/*.yaml'], helm: {} }],
  ])('is nothing where there is nothing: %j', async (source) => {
    const targets = {
      deploy: { executor: 'nx-slipway:deploy', options: { source } },
    };
    expect(await uses({}, {}, { targets })).toEqual([]);
  });
});
