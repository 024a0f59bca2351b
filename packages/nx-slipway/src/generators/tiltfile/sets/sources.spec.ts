import { planOf } from '../testing/plan';

const FILES = { 'chart/Chart.yaml': '', 'k8s/web.yaml': '', 'Tiltfile.x': '' };
/** The sources by the projects that deploy them, and what was not moved. */
function sourcesOf(Tiltfile: string) {
  const { targets, ledger } = planOf({ ...FILES, Tiltfile });
  return {
    deploys: targets
      .filter(({ target }) => target === 'deploy')
      .map(({ project, config }) => [project.root, config.options] as const),
    serves: targets
      .filter(({ target }) => target === 'serve')
      .map(({ project, config }) => [project.root, config.options]),
    problems: ledger.findings().flatMap(({ problems }) => problems),
  };
}
const source = (Tiltfile: string) => sourcesOf(Tiltfile).deploys[0];

describe('k8s_yaml', () => {
  it.each([
    ["'k8s/web.yaml'", 'k8s', { yaml: ['web.yaml'] }],
    [
      "['k8s/web.yaml', 'k8s/db/db.yaml']",
      'k8s',
      { yaml: ['web.yaml', 'db/db.yaml'] },
    ],
    ["read_file('k8s/web.yaml')", 'k8s', { yaml: ['web.yaml'] }],
    ["listdir('k8s')", 'k8s', { yaml: ['*.{yaml,yml,json}'] }],
    ["listdir('k8s', recursive=True)", 'k8s', { yaml: ['.'] }],
    ["kustomize('overlays/dev')", 'overlays/dev', { kustomize: '.' }],
    [
      "kustomize('overlays/dev', flags=['--enable-helm'])",
      'overlays/dev',
      {
        command: 'kustomize build --enable-helm overlays/dev',
        deps: ['.'],
        dir: '{workspaceRoot}',
      },
    ],
    ["helm('chart')", 'chart', { helm: { chart: '.', release: 'chart' } }],
    [
      "helm('chart', name='shop', values='dev.yaml', set=['a.b=1,c=x', 'd={1,y}', 'e=true'])",
      'chart',
      {
        helm: {
          chart: '.',
          release: 'shop',
          values: ['{workspaceRoot}/dev.yaml'],
          set: { 'a.b': 1, c: 'x', d: [1, 'y'], e: true },
        },
      },
    ],
    [
      "helm('chart', name='shop', namespace='dev', set='a[0]=1', skip_crds=True)",
      'chart',
      {
        command: "helm template shop chart --namespace dev --set 'a[0]=1'",
        deps: ['.'],
        dir: '{workspaceRoot}',
      },
    ],
    [
      "local('./gen.sh dev')",
      'k8s',
      { command: './gen.sh dev', dir: '{workspaceRoot}' },
    ],
  ])('of %s is a source of %s', (value, root, expected) => {
    const [place, options] = source(`k8s_yaml(${value})`) ?? [];
    expect([place, options?.source]).toEqual([root, expected]);
  });

  it('deploys into the namespace of a release', () => {
    const [, options] =
      source("k8s_yaml(helm('chart', namespace='shop'))") ?? [];
    expect(options?.namespace).toBe('shop');
  });

  it('deploys into a namespace that was put into it', () => {
    const [, options] =
      source(
        "load('ext://namespace', 'namespace_inject')\nk8s_yaml(namespace_inject('k8s/web.yaml', 'shop'))",
      ) ?? [];
    expect(options).toEqual({
      source: { yaml: ['web.yaml'] },
      namespace: 'shop',
    });
  });

  it('of several kinds is a project each, which one serves together', () => {
    const { deploys, serves } = sourcesOf(
      "k8s_yaml(['k8s/web.yaml', helm('chart')])\nk8s_yaml('k8s/db.yaml')\nk8s_yaml(kustomize('overlays/dev'))",
    );
    expect(deploys).toEqual([
      [
        'k8s',
        { source: { yaml: ['web.yaml', 'db.yaml'] }, after: ['chart', 'dev'] },
      ],
      ['chart', { source: { helm: { chart: '.', release: 'chart' } } }],
      ['overlays/dev', { source: { kustomize: '.' } }],
    ]);
    expect(serves).toEqual([['k8s', { projects: ['chart', 'dev'] }]]);
  });

  it.each([
    ["blob('kind: X')", /^YAML in the Tiltfile itself/],
    [
      'encode_yaml({})',
      /^the YAML is what encode_yaml\(\.\.\.\) gives when it runs$/,
    ],
    [
      "'/etc/web.yaml'",
      /^the YAML is \/etc\/web.yaml, which is there on one machine alone$/,
    ],
    ['kustomize(f())', /^kustomize: pathToDir is what f/],
  ])('of %s is not moved, with a reason', (value, why) => {
    const { deploys, problems } = sourcesOf(`k8s_yaml(${value})`);
    expect(deploys).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(why)]);
  });
});

describe('helm_resource', () => {
  const LOAD = "load('ext://helm_resource', 'helm_resource', 'helm_repo')\n";

  it('of a chart of the workspace is told its images by their names', () => {
    const { deploys, serves, problems } = sourcesOf(`${LOAD}helm_resource(
  'shop', 'chart', namespace='dev', image_deps=['acme/web', 'acme/db'],
  image_keys=[('web.repository', 'web.tag'), 'db.image'],
  flags=['--set', 'a=1', '--values=dev.yaml'], port_forwards=['8080:80'])`);
    expect(problems).toEqual([]);
    expect(deploys).toEqual([
      [
        'chart',
        {
          source: {
            helm: {
              chart: '.',
              release: 'shop',
              values: ['{workspaceRoot}/dev.yaml'],
              set: {
                a: 1,
                'web.repository': 'acme/web',
                'web.tag': 'latest',
                'db.image': 'acme/db',
              },
            },
          },
          namespace: 'dev',
          images: ['acme/web', 'acme/db'],
        },
      ],
    ]);
    expect(serves).toEqual([
      [
        'chart',
        { portForwards: [{ object: 'shop', port: 8080, containerPort: 80 }] },
      ],
    ]);
  });

  it('of a repository is not moved', () => {
    const { deploys, problems } = sourcesOf(
      `${LOAD}helm_repo('bitnami', 'https://charts.test')\nhelm_resource('db', 'bitnami/db')`,
    );
    expect(deploys).toEqual([]);
    expect(problems).toHaveLength(2);
  });
});

describe('k8s_resource', () => {
  const resources = (text: string, more = "k8s_yaml('k8s/web.yaml')\n") => {
    const { targets, ledger } = planOf({
      ...FILES,
      Tiltfile: `${more}${text}`,
    });
    const serve = targets.find(({ target }) => target === 'serve');
    return {
      serve: serve?.config.options,
      findings: ledger.findings().slice(1),
    };
  };

  it('is known by its new name, too', () => {
    const { serve } = resources(
      "k8s_resource('web', new_name='site')\nk8s_resource('site', port_forwards=80)",
    );
    expect(serve?.portForwards).toEqual([{ object: 'web', port: 80 }]);
  });

  it('that is for the page of Tilt needs nothing', () => {
    const { findings } = resources(
      "k8s_resource('web', labels=['a'], links='http://x', objects=['x:configmap'])",
    );
    expect(findings).toMatchObject([{ result: 'needless' }]);
  });

  it.each([
    ["k8s_resource('web', trigger_mode=TRIGGER_MODE_MANUAL)", 'manual'],
    ['trigger_mode(TRIGGER_MODE_MANUAL)', 'manual'],
    ['trigger_mode(TRIGGER_MODE_AUTO)', undefined],
    [
      "k8s_resource('web', trigger_mode=TRIGGER_MODE_MANUAL)\nk8s_resource('db')",
      undefined,
    ],
  ])('%s: trigger %s', (text, trigger) => {
    expect(resources(text).serve?.trigger).toBe(trigger);
  });

  it.each([
    ["k8s_resource('web', resource_deps=['db'])", [['infra'], undefined]],
    ["k8s_resource('db', resource_deps=['web'])", [undefined, ['k8s']]],
    [
      "k8s_resource('web', resource_deps=['db'])\nk8s_resource('db', resource_deps=['web'])",
      [['infra'], undefined],
    ],
    ["k8s_resource('web', resource_deps=['web'])", [['infra'], undefined]],
  ])(
    'has one project deployed after the other, never in a circle: %s',
    (text, after) => {
      const { targets } = planOf({
        'k8s/web.yaml': 'metadata:\n  name: web\n',
        'infra/deployment.yaml': 'metadata:\n  name: db\n',
        Tiltfile: `k8s_yaml('k8s/web.yaml')\nk8s_yaml(kustomize('infra'))\n${text}`,
      });
      const deploys = targets.filter(({ target }) => target === 'deploy');
      expect(deploys.map(({ config }) => config.options?.after)).toEqual(after);
    },
  );

  it('without manifests is not moved', () => {
    const { findings } = resources(
      "k8s_resource('web', port_forwards=80)",
      'print()\n',
    );
    expect(findings).toMatchObject([{ result: 'left' }]);
  });
});
