import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addImage,
  addManifests,
  initPlugin,
} from './support/inferred-projects';
import { TestWorkspace } from './support/workspace';

const REPOSITORY = join(__dirname, '../../..');

const pod = (name: string, image: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { containers: [{ name: main, image: ${image} }] }
`;

describe('manifests in the graph', () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await initPlugin(workspace, { registry: '', workspaceId: 'graph-test' });
    for (const name of ['web', 'api', 'worker']) {
      await addImage(workspace, name);
    }
    await addManifests(workspace, 'plain', ['web']);
    await addSet('kust', { kustomize: 'overlays/dev' }, { after: ['plain'] });
    await workspace.write(
      'deploy/kust/overlays/dev/kustomization.yaml',
      'resources: [../../../base]\n',
    );
    await workspace.write(
      'deploy/base/kustomization.yaml',
      'resources: [pod.yaml]\n',
    );
    await workspace.write('deploy/base/pod.yaml', pod('api', 'api:1.0'));
    await addSet('chart', { helm: { chart: 'chart' } });
    await workspace.write('deploy/chart/chart/Chart.yaml', 'name: chart\n');
    await workspace.write(
      'deploy/chart/chart/values.yaml',
      'image: { repository: worker, tag: latest }\n',
    );
    const command = `echo "${pod('cmd', 'web').replaceAll('\n', '\\n')}"`;
    await addSet('cmd', {
      command: `printf '%b' ${JSON.stringify(command.slice(6, -1))}`,
      deps: ['gen.txt'],
    });
    await workspace.write('deploy/cmd/gen.txt', 'image: api');
    await workspace.writeJson('apps/mixed/project.json', {
      name: 'mixed',
      targets: { test: { command: 'echo tested' } },
    });
    await workspace.write('apps/mixed/k8s/pod.yaml', pod('mixed', 'worker'));
  });

  afterAll(() => workspace.remove());

  function addSet(name: string, source: object, options: object = {}) {
    return workspace.writeJson(`deploy/${name}/project.json`, {
      name,
      targets: { deploy: { options: { source, ...options } } },
    });
  }

  it('have edges to their images, of whatever they are made', async () => {
    expect(await workspace.edges()).toEqual([
      'chart -> worker',
      'cmd -> api',
      'kust -> api',
      'plain -> web',
    ]);
  });

  it('wait for their images, and for what is deployed before', async () => {
    const { targets } = await workspace.showProject('kust');
    const images = { projects: ['api'], target: 'custom-build' };
    expect(targets?.deploy?.dependsOn).toEqual([
      images,
      { projects: ['plain'], target: 'deploy' },
    ]);
    expect(targets?.render).toMatchObject({
      dependsOn: [images],
      options: { source: { kustomize: 'overlays/dev' } },
    });
    const mixed = await workspace.showProject('mixed');
    expect(mixed.targets?.deploy?.dependsOn).toEqual([
      { projects: ['worker'], target: 'custom-build' },
    ]);
  });

  it.each([
    ['deploy/base/pod.yaml', ['kust']],
    ['deploy/chart/chart/values.yaml', ['chart']],
    ['apps/worker/src/index.html', ['chart', 'mixed', 'worker']],
    ['apps/mixed/k8s/pod.yaml', ['mixed']],
  ])('are affected by a change to %s: %j', async (file, projects) => {
    expect(await workspace.affected([file])).toEqual(projects);
  });

  it('stop a deploy whose tool names an image that the graph cannot see, with the line to add', async () => {
    const context = workspace.sandbox.cluster?.context;
    const args = [`--context=${context}`, '--exclude-task-dependencies'];
    const deploy = () => workspace.nx(['run', 'cmd:deploy', ...args]);
    expect((await deploy()).output).toMatch(
      /SLIPWAY_E_IMAGE_EDGE: .*cmd use web, which web:custom-build builds[^]*Add "images": \["web"\] to the options of cmd:deploy/,
    );
    await workspace.editJson('deploy/cmd/project.json', (project) => {
      const { deploy } = project.targets as {
        deploy: { options: Record<string, unknown> };
      };
      deploy.options.images = ['web'];
    });
    expect(await workspace.edges()).toEqual(
      expect.arrayContaining(['cmd -> api', 'cmd -> web']),
    );
  });

  it('name both of two projects that claim one image, when somebody needs it', async () => {
    await addImage(workspace, 'rival', { options: { ref: 'web' } });
    try {
      const { output } = await workspace.nx(['run', 'plain:render']);
      expect(output).toMatch(/SLIPWAY_E_OPTION_CONFLICT: .*web:custom-build/);
      expect(output).toContain('rival:custom-build');
      const { exitCode } = await workspace.nx(['run', 'mixed:test']);
      expect(exitCode).toBe(0);
    } finally {
      await workspace.removeFile('apps/rival/project.json');
    }
  });

  it.each([
    ['ref', 5],
    ['deps', 'src'],
    ['imageDeps', [null]],
    ['ignore', { a: 1 }],
    ['nonsense', true],
  ])(
    'do not stop others when the option %s of an image is wrong',
    async (option, value) => {
      const file = 'apps/worker/project.json';
      const text = await workspace.read(file);
      await workspace.editJson(file, (project) => {
        const { 'custom-build': build } = project.targets as Record<
          string,
          { options: Record<string, unknown> }
        >;
        if (build) build.options[option] = value;
      });
      try {
        const test = await workspace.nx(['run', 'mixed:test']);
        expect([test.exitCode, test.output]).toEqual([
          0,
          expect.stringContaining('tested'),
        ]);
        const own = await workspace.build('worker');
        expect(own.exitCode).not.toBe(0);
        expect(own.output).toContain(option);
        if (option !== 'ref') return;
        const { output } = await workspace.nx(['run', 'mixed:render']);
        expect(output).toMatch(
          /SLIPWAY_E_OPTION_INVALID: the ref of worker:custom-build is 5, .* use one called worker/,
        );
      } finally {
        await workspace.write(file, text);
      }
    },
  );

  it('do not stop others when the options of the plugin are wrong', async () => {
    const text = await workspace.read('nx.json');
    await workspace.usePlugin({ registry: '', manifests: 5, nonsense: 1 });
    try {
      const test = await workspace.nx(['run', 'mixed:test']);
      expect(test.exitCode).toBe(0);
      const { output } = await workspace.nx(['run', 'plain:render']);
      expect(output).toMatch(/SLIPWAY_E_OPTION_(?:UNKNOWN|INVALID): /);
    } finally {
      await workspace.write('nx.json', text);
    }
  });
});

describe('the graph of what we show', () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
  });

  afterAll(() => workspace.remove());

  it('is in docs/graph.md as Nx prints it', async () => {
    await initPlugin(workspace, { registry: 'localhost:5000' });
    const options = {
      ref: 'frontend',
      command: 'docker build -t $EXPECTED_REF .',
      deps: ['src', 'Dockerfile'],
      ignore: ['**/*.spec.ts'],
    };
    await addImage(workspace, 'frontend', { options });
    await addImage(workspace, 'api');
    await addManifests(workspace, 'shop', ['frontend', 'api']);
    const text = await readFile(join(REPOSITORY, 'docs/graph.md'), 'utf8');
    const [frontend, deploy, metadata] = [
      ...text.matchAll(/^\{$[^]*?^\}$|^\{ "slipway".*\}$/gm),
    ].map(([json]) => JSON.parse(json) as object);
    const shown = await workspace.showProject('frontend');
    const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
    const asHere = JSON.parse(
      JSON.stringify(frontend).replace('linux/amd64', `linux/${arch}`),
    ) as object;
    expect(shown.targets?.['custom-build']).toMatchObject(asHere);
    const shop = await workspace.showProject('shop');
    expect(shop.targets?.deploy).toMatchObject(deploy ?? {});
    expect(shop.metadata).toEqual(metadata);
  });

  it('is that of the shop', async () => {
    for (const folder of ['apps', 'libs']) {
      const from = join(REPOSITORY, 'examples/shop', folder);
      await cp(from, join(workspace.root, folder), { recursive: true });
    }
    const nxJson = join(REPOSITORY, 'examples/shop/nx.json');
    await workspace.write('nx.json', await readFile(nxJson, 'utf8'));
    expect(await workspace.edges()).toEqual([
      'api -> catalog',
      'frontend -> catalog',
      'shop -> api',
      'shop -> frontend',
      'shop -> worker',
    ]);
    const { targets } = await workspace.showProject('shop');
    expect(targets?.deploy?.dependsOn).toEqual([
      { projects: ['api', 'frontend', 'worker'], target: 'custom-build' },
    ]);
  });
});
