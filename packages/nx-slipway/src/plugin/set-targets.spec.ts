import { build, deployment, image } from './testing/build';
import { useWorkspace, type Given } from './testing/workspace';

const workspace = useWorkspace();

/** What comes of the project `shop`, which deploys `web` unless its files say more. */
async function shop(project: object, files: object = {}, given?: Given) {
  await workspace.put({
    'web/project.json': image('web'),
    'shop/project.json': { name: 'shop', ...project },
    'shop/k8s/web.yaml': deployment('web'),
    ...files,
  });
  return workspace.infer(given).shop;
}

const deploys = (options: object, more: object = {}) => ({
  executor: 'nx-slipway:deploy',
  options,
  ...more,
});
const dependsOn = [{ projects: ['web'], target: 'custom-build' }];

describe('a project that holds manifests', () => {
  it('gets render, deploy, serve and down, and an edge to its images', async () => {
    expect(await shop({})).toMatchObject({
      slipway: { uses: ['web'], edges: ['web'] },
      targets: {
        render: {
          executor: 'nx-slipway:render',
          dependsOn,
          metadata: {
            technologies: ['kubernetes'],
            description: expect.any(String) as string,
          },
        },
        deploy: {
          executor: 'nx-slipway:deploy',
          dependsOn,
          metadata: {
            technologies: ['kubernetes'],
            description: expect.any(String) as string,
          },
        },
        down: {
          executor: 'nx-slipway:down',
          metadata: {
            technologies: ['kubernetes'],
            description: expect.any(String) as string,
          },
        },
      },
    });
  });

  it('is served by a task that goes on, and waits for no build', async () => {
    const { targets } = (await shop({})) ?? {};
    expect(targets?.serve).toEqual({
      executor: 'nx-slipway:serve',
      continuous: true,
      metadata: {
        technologies: ['kubernetes'],
        description: expect.any(String) as string,
      },
    });
  });

  it('is served as it is deployed', async () => {
    const options = { namespace: 'shop', context: 'kind', timeout: '1m' };
    const { targets } =
      (await shop({ targets: { deploy: { options } } })) ?? {};
    expect(targets?.serve?.options).toEqual({
      namespace: 'shop',
      context: 'kind',
    });
  });

  it('gets them by other names if the plugin says so', async () => {
    const targetNames = {
      render: 'k8s-render',
      deploy: 'k8s-deploy',
      serve: 'k8s-serve',
      down: 'k8s-down',
    };
    const inferred = await shop({}, {}, { options: { targetNames } });
    expect(Object.keys(inferred?.targets ?? {})).toEqual(
      Object.values(targetNames),
    );
  });

  it.each([
    ['another executor', { targets: { deploy: { executor: 'x:y' } } }, {}],
    ['a command', { targets: { deploy: { command: 'helm install' } } }, {}],
    [
      'a script',
      {},
      { 'shop/package.json': { name: 'shop', scripts: { deploy: 'x' } } },
    ],
    [
      'our executor for something else',
      { targets: { deploy: { executor: 'nx-slipway:render' } } },
      {},
    ],
  ])('keeps a target of that name with %s', async (_, project, files) => {
    const { targets = {} } = (await shop(project, files)) ?? {};
    expect(targets.deploy?.executor).not.toBe('nx-slipway:deploy');
    expect(targets).toHaveProperty('down');
  });

  it('has none that a declared executor or a source does not ask for', async () => {
    await workspace.put({
      'lib/project.json': { name: 'lib', targets: { deploy: { options: {} } } },
    });
    expect(workspace.infer()).toEqual({});
  });

  it.each([
    [{ targets: { up: deploys({}) } }],
    [{ targets: { render: { executor: 'nx-slipway:render' } } }],
    [
      {
        targets: { deploy: { options: { source: { yaml: ['k8s/*.yaml'] } } } },
      },
    ],
  ])('is one without manifests that says so: %j', async (project) => {
    await workspace.put({ 'lib/project.json': { name: 'lib', ...project } });
    expect(Object.keys(workspace.infer().lib?.targets ?? {})).toEqual(
      expect.arrayContaining(['render', 'deploy', 'down']),
    );
  });
});

describe('what a declared deploy says', () => {
  it('holds for render and down as far as they know it', async () => {
    const options = {
      source: { kustomize: 'overlays/dev' },
      namespace: 'shop',
      context: 'kind-dev',
      registry: 'localhost:5000',
      pin: 'tag',
      images: ['web'],
      wait: false,
      prune: true,
    };
    const configurations = {
      eu: { source: { kustomize: 'overlays/eu' }, context: 'eu', timeout: 5 },
    };
    const { targets = {} } =
      (await shop({
        targets: {
          deploy: deploys(options, {
            configurations,
            defaultConfiguration: 'eu',
          }),
        },
      })) ?? {};
    expect(targets.deploy).not.toHaveProperty('options');
    expect(targets.render).toMatchObject({
      options: {
        source: { kustomize: 'overlays/dev' },
        namespace: 'shop',
        registry: 'localhost:5000',
        pin: 'tag',
        images: ['web'],
      },
      configurations: { eu: { source: { kustomize: 'overlays/eu' } } },
      defaultConfiguration: 'eu',
    });
    expect(Object.keys(targets.render?.options as object)).toHaveLength(5);
    expect(targets.down).toMatchObject({
      options: { namespace: 'shop', context: 'kind-dev' },
      configurations: { eu: { context: 'eu' } },
      defaultConfiguration: 'eu',
    });
    expect(Object.keys(targets.down?.options as object)).toHaveLength(2);
  });

  it('holds with paths from the root of the workspace, which Nx would take off', async () => {
    const source = {
      yaml: ['{workspaceRoot}/infra/*.yaml', 'k8s/*.yaml', '{workspaceRoot}'],
    };
    const { targets = {} } =
      (await shop({ targets: { deploy: deploys({ source }) } })) ?? {};
    expect(targets.render?.options).toEqual({
      source: { yaml: ['../infra/*.yaml', 'k8s/*.yaml', '..'] },
    });
  });

  it('is taken from a declared render if there is no deploy', async () => {
    const render = {
      executor: 'nx-slipway:render',
      options: { namespace: 'shop' },
    };
    const { targets = {} } = (await shop({ targets: { render } })) ?? {};
    expect(targets.deploy?.options).toEqual({ namespace: 'shop' });
    expect(targets.render).not.toHaveProperty('options');
  });

  it('may stand in targetDefaults', async () => {
    const targetDefaults = {
      'nx-slipway:deploy': { options: { namespace: 'all' } },
    };
    const { targets = {} } =
      (await shop(
        { targets: { deploy: deploys({}) } },
        {},
        { nxJson: { targetDefaults } },
      )) ?? {};
    expect(targets.down?.options).toEqual({ namespace: 'all' });
  });

  it('decides on the images of each target', async () => {
    const files = {
      'api/project.json': image('api'),
      'shop/eu/api.yaml': deployment('api'),
    };
    const configurations = { eu: { source: { yaml: ['eu/*.yaml'] } } };
    const targets = {
      up: deploys({}, { configurations }),
      render: {
        executor: 'nx-slipway:render',
        options: { source: { yaml: ['k8s/*.yaml'] } },
      },
    };
    const inferred = await shop({ targets }, files);
    const both = [{ projects: ['api', 'web'], target: 'custom-build' }];
    expect(inferred?.targets.up?.dependsOn).toEqual(both);
    expect(inferred?.targets.render?.dependsOn).toEqual(both);
    expect(inferred?.slipway).toEqual({
      uses: ['api', 'web'],
      edges: ['api', 'web'],
    });
  });
});

describe('after', () => {
  const projects = (after: Readonly<Record<string, unknown>>) =>
    workspace.put(
      Object.fromEntries(
        Object.entries(after).map(([name, value]) => [
          `${name}/project.json`,
          { name, targets: { deploy: deploys({ after: value }) } },
        ]),
      ),
    );
  const order = (name: string) =>
    workspace.infer()[name]?.targets.deploy?.dependsOn;

  it('names projects whose deploy runs before', async () => {
    await projects({ a: ['b', 'c', 'b'], b: [], c: ['b'] });
    expect(order('a')).toEqual([{ projects: ['b', 'c'], target: 'deploy' }]);
    expect(order('b')).toEqual([]);
    expect(workspace.infer().a?.targets.render?.dependsOn).toEqual([]);
  });

  it('counts in configurations', async () => {
    const target = deploys({}, { configurations: { eu: { after: ['b'] } } });
    await projects({ b: [] });
    await workspace.put({
      'a/project.json': { name: 'a', targets: { deploy: target } },
    });
    expect(order('a')).toEqual([{ projects: ['b'], target: 'deploy' }]);
  });

  it.each([[['nobody']], [[5, null]], ['b'], [{}]])(
    'that makes no sense is told by deploy: %j',
    async (after) => {
      await projects({ a: after });
      expect(order('a')).toEqual([]);
    },
  );

  it('that makes a circle is told by deploy', async () => {
    await projects({ a: ['b'], b: ['c'], c: ['b'], d: ['d'] });
    expect(order('a')).toEqual([{ projects: ['b'], target: 'deploy' }]);
    expect(order('b')).toEqual([]);
    expect(order('d')).toEqual([]);
  });
});

describe('a project with other targets', () => {
  const targets = { test: { command: 'x' } };

  it('gets no edge, and on its own targets the files of the images as inputs', async () => {
    const { slipway, targets: inferred } = (await shop({ targets }))!;
    expect(slipway).toEqual({ uses: ['web'] });
    expect(inferred.deploy?.dependsOn).toEqual(dependsOn);
    expect(inferred.deploy?.inputs).toEqual([
      '{projectRoot}/**/*',
      '{workspaceRoot}/web/x',
      '{workspaceRoot}/web/x/**/*',
    ]);
    expect(inferred.render?.inputs).toEqual(inferred.deploy?.inputs);
    expect(inferred.down).not.toHaveProperty('inputs');
    expect(inferred).not.toHaveProperty('test');
  });

  it.each([
    [
      {
        'shop/package.json': {
          name: 'shop',
          private: true,
          scripts: { test: 'x' },
        },
      },
    ],
    [{ 'shop/package.json': { name: 'shop' }, 'node_modules/@nx/js/x': '' }],
  ])('may have them of its package.json: %j', async (files) => {
    expect((await shop({}, files))?.slipway).not.toHaveProperty('edges');
  });

  it('has none of a private package without scripts', async () => {
    const files = { 'shop/package.json': { name: 'shop', private: true } };
    expect((await shop({}, files))?.slipway.edges).toEqual(['web']);
  });

  it('has the files of its images by named inputs, and of what they are built on', async () => {
    const namedInputs = {
      production: ['{projectRoot}/src/**/*', '!{projectRoot}/**/*.md'],
    };
    const files = {
      'web/project.json': image('web', {
        deps: [{ input: 'production' }],
        imageDeps: ['base'],
      }),
      'base/project.json': image('base', { deps: ['Dockerfile'] }),
      'base/Dockerfile': '',
    };
    const inferred = await shop({ targets }, files, {
      nxJson: { namedInputs },
    });
    expect(inferred?.targets.deploy?.inputs).toEqual([
      '{projectRoot}/**/*',
      '{workspaceRoot}/web/src/**/*',
      '{workspaceRoot}/base/Dockerfile',
    ]);
  });

  it.each([
    ['what other tasks make', { deps: ['dist'] }, { dependsOn: ['build'] }],
    ['what it depends on', { deps: [{ input: '^production' }] }, {}],
    ['inputs of projects', { deps: [{ input: 'others' }] }, {}],
  ])('has all files where an image is made of %s', async (_, options, more) => {
    const namedInputs = { others: [{ input: 'default', projects: ['lib'] }] };
    const files = {
      '.gitignore': 'dist',
      'web/project.json': {
        name: 'web',
        targets: { 'custom-build': build(options, more) },
      },
    };
    const inferred = await shop({ targets }, files, {
      nxJson: { namedInputs },
    });
    expect(inferred?.targets.deploy?.inputs).toEqual([
      '{projectRoot}/**/*',
      '{workspaceRoot}/**/*',
    ]);
  });

  it('is one that builds its own image: it waits for it and has no edge', async () => {
    const own = {
      name: 'web',
      targets: { 'custom-build': build({ deps: ['x'] }) },
    };
    await workspace.put({
      'web/project.json': own,
      'web/k8s/a.yaml': deployment('web'),
    });
    const { targets: inferred, slipway } = workspace.infer().web!;
    expect(slipway).toEqual({ images: ['web'], uses: ['web'] });
    expect(inferred.deploy?.dependsOn).toEqual(dependsOn);
    expect(inferred.deploy).not.toHaveProperty('inputs');
  });
});

describe('an edge that would close a circle', () => {
  it('is none, and the files of the images are inputs', async () => {
    const files = {
      'web/project.json': image('web', {}, { implicitDependencies: ['shop'] }),
    };
    const { targets, slipway } = (await shop({}, files))!;
    expect(slipway).toEqual({ uses: ['web'] });
    expect(targets.deploy?.inputs).toContain('{workspaceRoot}/web/x/**/*');
  });

  it('may lead over the images that one is built on', async () => {
    const files = {
      'web/project.json': image('web', { imageDeps: ['base'] }),
      'base/project.json': image(
        'base',
        {},
        { implicitDependencies: ['shop'] },
      ),
    };
    expect((await shop({}, files))?.slipway).toEqual({ uses: ['web'] });
  });
});

describe('what nx.json alone says of a target', () => {
  const targetDefaults = {
    'nx-slipway:deploy': {
      options: { namespace: 'prod', images: ['api'], after: ['infra'] },
      configurations: { dev: { namespace: 'dev' } },
    },
  };

  it('counts as what a file says', async () => {
    const files = {
      'api/project.json': image('api'),
      'infra/project.json': { name: 'infra' },
      'infra/k8s/x.yaml': deployment('nginx'),
    };
    const inferred = await shop({}, files, { nxJson: { targetDefaults } });
    expect(inferred?.slipway).toEqual({
      uses: ['api', 'web'],
      edges: ['api', 'web'],
    });
    expect(inferred?.targets.deploy?.dependsOn).toEqual([
      { projects: ['api', 'web'], target: 'custom-build' },
    ]);
    const shared = {
      options: { namespace: 'prod' },
      configurations: { dev: { namespace: 'dev' } },
    };
    expect(inferred?.targets.render).toMatchObject(shared);
    expect(inferred?.targets.down).toMatchObject(shared);
  });

  it('makes no project hold manifests', async () => {
    const nxJson = { targetDefaults };
    await workspace.put({ 'lib/project.json': { name: 'lib' } });
    await shop({}, {}, { nxJson });
    expect(workspace.infer({ nxJson }).lib).toBeUndefined();
  });
});

it('down reads no manifests, so those that nobody deploys make no edge', async () => {
  const targets = { deploy: deploys({ source: { yaml: ['dev/*.yaml'] } }) };
  const inferred = await shop(
    { targets },
    {
      'api/project.json': image('api'),
      'shop/dev/api.yaml': deployment('api'),
    },
  );
  expect(inferred?.slipway).toEqual({ uses: ['api'], edges: ['api'] });
  expect(inferred?.targets.down).not.toHaveProperty('dependsOn');
});

describe('a project whose manifests are gone', () => {
  it('keeps its targets where options of ours say that it has been deployed', async () => {
    await workspace.put({
      'shop/project.json': {
        name: 'shop',
        targets: { deploy: { options: { namespace: 'shop' } } },
      },
    });
    expect(workspace.infer().shop?.targets).toMatchObject({
      deploy: { executor: 'nx-slipway:deploy' },
      down: { options: { namespace: 'shop' } },
    });
  });

  it.each([
    ['says nothing', {}],
    ['has options of others', { options: { namespace: 'x', project: 'y' } }],
  ])(
    'has none where its deploy %s: it may be that of others',
    async (_, deploy) => {
      await workspace.put({
        'shop/project.json': { name: 'shop', targets: { deploy } },
      });
      expect(workspace.infer().shop).toBeUndefined();
    },
  );
});

describe('a project within another', () => {
  it('has its manifests for itself', async () => {
    await workspace.put({
      'project.json': { name: 'all' },
      'deploy/shop/project.json': { name: 'inner' },
      'deploy/shop/k8s/web.yaml': deployment('web'),
    });
    expect(Object.keys(workspace.infer())).toEqual(['deploy/shop']);
  });
});

describe('where other plugins may infer targets', () => {
  const nxJson = { plugins: ['nx-slipway', '@nx/eslint/plugin'] };
  const inputs = [
    '{projectRoot}/**/*',
    '{workspaceRoot}/web/src/**/*',
    '{workspaceRoot}/web/src',
  ];

  it('the inputs of images stand in for edges that may be none', async () => {
    const files = { 'web/project.json': image('web', { deps: ['src'] }) };
    const inferred = await shop({}, files, { nxJson });
    expect(inferred?.slipway).toEqual({ uses: ['web'], edges: ['web'] });
    const found = inferred?.targets.deploy?.inputs ?? [];
    expect([...found].sort()).toEqual([...inputs].sort());
  });

  it('edges stay where no inputs can name what an image is made of', async () => {
    const deps = ['src', { input: '^production' }];
    const files = { 'web/project.json': image('web', { deps }) };
    const inferred = await shop({}, files, { nxJson });
    expect(inferred?.slipway).toEqual({
      uses: ['web'],
      edges: ['web'],
      needsEdges: true,
    });
    expect(inferred?.targets.deploy).not.toHaveProperty('inputs');
  });
});

describe('a source outside of the project', () => {
  it('is an input by its folders', async () => {
    const source = { yaml: ['../infra/**/*.yaml', '*.yaml'] };
    const files = {
      'infra/a/web.yaml': deployment('web'),
      'infra/a/x.yaml': '',
      'infra/[b]/x.yaml': '',
    };
    const { targets, slipway } = (await shop(
      { targets: { deploy: deploys({ source }) } },
      files,
    ))!;
    expect(slipway).toEqual({ uses: ['web'], edges: ['web'] });
    expect(targets.deploy?.inputs).toEqual([
      '{projectRoot}/**/*',
      '{workspaceRoot}/infra/?b?/*',
      '{workspaceRoot}/infra/a/*',
      '{workspaceRoot}/infra/**/*.yaml',
    ]);
  });

  it('may lie at the root, or in a project within this one', async () => {
    const source = { yaml: ['../*.yaml', 'k8s/inner/*.yaml'] };
    const files = {
      'web.yaml': deployment('web'),
      'shop/k8s/inner/a.yaml': '',
      'shop/k8s/inner/project.json': {},
    };
    const { targets } = (await shop(
      { targets: { deploy: deploys({ source }) } },
      files,
    ))!;
    expect(targets.deploy?.inputs).toEqual([
      '{projectRoot}/**/*',
      '{workspaceRoot}/shop/k8s/inner/*',
      '{workspaceRoot}/*',
      '{workspaceRoot}/shop/k8s/inner/*.yaml',
    ]);
  });

  it('is none outside of the workspace, where Nx sees nothing', async () => {
    await workspace.put({
      'shop/k8s/kustomization.yaml':
        'resources: [../../../nothing-there, /tmp]',
    });
    expect((await shop({}))?.targets.deploy).not.toHaveProperty('inputs');
  });
});
