import {
  addProjectConfiguration,
  logger,
  readJson,
  readNxJson,
  updateNxJson,
  type TargetConfiguration,
  type Tree,
} from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { isObject, readManifests, valuesIn } from '../../manifest';
import manifest from './generator';
import type { ManifestGeneratorSchema } from './schema';

const BUILD = 'nx-slipway:custom-build';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

type Targets = Record<string, TargetConfiguration<Record<string, unknown>>>;

function addWeb(targets: Targets = {}, name = 'web') {
  addProjectConfiguration(tree, name, {
    root: 'apps/web',
    targets: {
      'custom-build': {
        executor: BUILD,
        options: { ref: 'web', command: 'docker build .' },
      },
      ...targets,
    },
  });
}

function useGlobs(...manifests: string[]) {
  const plugin = { plugin: 'nx-slipway', options: { manifests } };
  updateNxJson(tree, { plugins: [plugin] });
}

/** Formatting is Nx's business, and needs a formatter in the workspace. */
const run = (options: Partial<ManifestGeneratorSchema> = {}) =>
  manifest(tree, { project: 'web', skipFormat: true, ...options });

const FILE = 'apps/web/k8s/web.yaml';
const textOf = (path = FILE) => tree.read(path, 'utf8') ?? '';
/** The Deployment's container, and the Service's ports. */
function objectsIn(path = FILE) {
  const [deployment, service] = valuesIn(path, textOf(path)) as unknown as {
    metadata: { name: string; namespace?: string };
    spec: {
      replicas: number;
      template: { spec: { containers: Record<string, unknown>[] } };
      ports: unknown[];
    };
  }[];
  const [container = {}] = deployment?.spec.template.spec.containers ?? [];
  return { deployment, service, container };
}
const portOf = (path?: string) => objectsIn(path).container.ports;
const deployOf = () =>
  readJson<{ targets: Targets }>(tree, 'apps/web/project.json').targets.deploy;

function snapshot() {
  const files = tree.listChanges().map(({ path }) => path);
  return Object.fromEntries(files.map((path) => [path, textOf(path)]));
}

describe('the manifest generator', () => {
  it('writes a Deployment and a Service of the image that the project builds', async () => {
    addWeb();
    await run();
    const { objects } = readManifests([{ origin: FILE, text: textOf() }]);
    expect(objects.map(({ object }) => object.kind)).toEqual([
      'Deployment',
      'Service',
    ]);
    const { deployment, service, container } = objectsIn();
    expect(deployment?.metadata.name).toBe('web');
    expect(deployment?.spec.replicas).toBe(1);
    expect(container).toMatchObject({
      name: 'web',
      image: 'web',
      ports: [{ name: 'http', containerPort: 8080 }],
    });
    expect(container).not.toHaveProperty('env');
    expect(container).not.toHaveProperty('readinessProbe');
    expect(service?.spec.ports).toEqual([
      { name: 'http', port: 80, targetPort: 'http' },
    ]);
    expect(JSON.stringify([deployment, service])).not.toContain('namespace');
  });

  it('writes what it is told', async () => {
    addWeb();
    await run({
      image: 'ghcr.io/acme/web',
      port: 3000,
      servicePort: 8080,
      replicas: 0,
      probe: '/healthz?a=b#c: d',
      env: ['A=1', 'B= x: #y="z"', 'C='],
      name: 'front',
      directory: 'deploy/base/',
    });
    const { deployment, service, container } = objectsIn(
      'apps/web/deploy/base/front.yaml',
    );
    expect(deployment).toMatchObject({
      metadata: { name: 'front' },
      spec: { replicas: 0 },
    });
    expect(container).toMatchObject({
      image: 'ghcr.io/acme/web',
      ports: [{ containerPort: 3000 }],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: ' x: #y="z"' },
        { name: 'C', value: '' },
      ],
      readinessProbe: { httpGet: { path: '/healthz?a=b#c: d', port: 'http' } },
    });
    expect(service).toMatchObject({
      metadata: { name: 'front' },
      spec: { ports: [{ port: 8080 }] },
    });
  });

  it.each(['on', 'null', 'y', 'true'])(
    'keeps the name %s a text',
    async (name) => {
      addWeb();
      await run({ name });
      const { deployment, container } = objectsIn(`apps/web/k8s/${name}.yaml`);
      expect(deployment?.metadata.name).toBe(name);
      expect(container.name).toBe(name);
    },
  );

  it('changes nothing when it is run again, or after somebody formatted', async () => {
    addWeb();
    await run({ namespace: 'shop' });
    const first = snapshot();
    await run({ namespace: 'shop' });
    expect(snapshot()).toEqual(first);
    const formatted = textOf().replaceAll('  name: web', "    name:  'web'");
    tree.write(FILE, formatted.replaceAll('    name', '  name'));
    const second = snapshot();
    await run({ namespace: 'shop' });
    expect(snapshot()).toEqual(second);
  });

  it('never writes over a file that says something else', async () => {
    addWeb();
    tree.write(FILE, 'kind: ConfigMap\n');
    const before = snapshot();
    await expect(run({ namespace: 'shop' })).rejects.toThrow(
      /^SLIPWAY_E_EXISTS: apps\/web\/k8s\/web.yaml is there already.*\n +hint: /,
    );
    expect(snapshot()).toEqual(before);
  });

  it('maps the name of the project to one that Kubernetes takes', async () => {
    addWeb({}, '@acme/Web');
    await run({ project: '@acme/Web' });
    const { deployment } = objectsIn('apps/web/k8s/acme-web.yaml');
    expect(deployment?.metadata.name).toBe('acme-web');
  });

  it.each([
    [{ project: 'wep' }, /no project "wep".*\n.*Did you mean web\?/],
    [{ name: 'Web' }, /--name is "Web".*\n.*: web\./],
    [{ image: 'Web:' }, /^SLIPWAY_E_REF_INVALID: "Web:" is no image/],
    [{ env: ['A'] }, /--env has "A", which is no NAME=value/],
    [{ env: ['A=1', 'A=2'] }, /"A=2", which names a variable for the second/],
    [{ directory: '../k8s' }, /--directory is "..\/k8s"/],
    [{ directory: '/k8s' }, /--directory is "\/k8s"/],
  ])('refuses %j and writes nothing', async (options, message) => {
    addWeb();
    const before = snapshot();
    await expect(run(options)).rejects.toThrow(message);
    expect(snapshot()).toEqual(before);
  });
});

describe('the image', () => {
  it('must be one that the project builds, or that is named', async () => {
    addProjectConfiguration(tree, 'web', { root: 'apps/web' });
    await expect(run()).rejects.toThrow(
      /the project web builds no image\n.*nx g nx-slipway:custom-build web/,
    );
    await run({ image: 'api' });
    expect(objectsIn().container.image).toBe('api');
  });

  it('must be chosen where there are several', async () => {
    addWeb({ tools: { executor: BUILD, options: { ref: '{projectName}-x' } } });
    await expect(run()).rejects.toThrow(/--image=web, --image=web-x/);
    await run({ image: 'web-x' });
    expect(objectsIn().container.image).toBe('web-x');
  });

  it('is found under the name that nx.json gives to builds', async () => {
    const options = { targetNames: { customBuild: 'image' } };
    updateNxJson(tree, { plugins: [{ plugin: 'nx-slipway', options }] });
    addProjectConfiguration(tree, 'web', {
      root: 'apps/web',
      targets: {
        image: { options: { ref: 'mine' } },
        other: { command: 'x', options: { ref: 'no' } },
      },
    });
    await run();
    expect(objectsIn().container.image).toBe('mine');
  });
});

describe('the port', () => {
  const DOCKERFILE = 'FROM a\nEXPOSE 3000\n';

  it.each([
    ['of the Dockerfile', 'apps/web/Dockerfile', 'docker build .', '.'],
    ['of the Containerfile', 'apps/web/Containerfile', 'buildah bud .', '.'],
    ['of the one that is named', 'apps/web/a/b', 'docker build -f a/b .', '.'],
    ['by --file', 'apps/web/b', 'docker build --file="b" .', undefined],
    ['in dir', 'Dockerfile', 'docker build .', '{workspaceRoot}'],
    ['below dir', 'x/b', ['docker', 'build', '-f', 'b'], '{workspaceRoot}/x'],
  ])('is that %s', async (_, file, command, dir) => {
    addWeb({
      'custom-build': { executor: BUILD, options: { ref: 'w', command, dir } },
    });
    tree.write(file, DOCKERFILE);
    await run();
    expect(portOf()).toEqual([{ name: 'http', containerPort: 3000 }]);
  });

  it('is what is given, whatever is exposed', async () => {
    addWeb();
    tree.write('apps/web/Dockerfile', DOCKERFILE);
    await run({ port: 81 });
    expect(portOf()).toEqual([{ name: 'http', containerPort: 81 }]);
  });
});

describe('the file of manifests', () => {
  it('lies where the project has others', async () => {
    addWeb();
    tree.write('apps/web/manifests/base/db.yaml', 'kind: ConfigMap\n');
    await run();
    expect(tree.exists('apps/web/manifests/base/web.yaml')).toBe(true);
  });

  it.each([
    ['{projectRoot}/infra/**/*.yml', 'apps/web/infra/web.yml', undefined],
    ['{projectRoot}/deploy/*.yaml', 'apps/web/deploy/web.yaml', undefined],
    [
      '{workspaceRoot}/ops/{projectName}/*.yaml',
      'apps/web/k8s/web.yaml',
      { source: { yaml: ['k8s/web.yaml'] } },
    ],
  ])('is found under %s', async (glob, file, options) => {
    addWeb();
    useGlobs(glob);
    await run(file.includes('infra') ? { directory: 'infra' } : {});
    expect(tree.exists(file)).toBe(true);
    expect(deployOf()?.options).toEqual(options);
  });

  it('is named by deploy where no glob finds it', async () => {
    addWeb();
    await run({ directory: 'ops', namespace: 'shop' });
    expect(deployOf()).toEqual({
      options: { source: { yaml: ['ops/web.yaml'] }, namespace: 'shop' },
    });
  });

  it('leaves a source that the project has of its own', async () => {
    const options = { source: { yaml: ['ops/*.yaml'] }, context: 'kind' };
    addWeb({ deploy: { options } });
    await run({ directory: 'ops' });
    expect(deployOf()?.options).toEqual(options);
  });

  it('keeps for deploy what it took over of serve', async () => {
    useGlobs('{projectRoot}/k8s/*.yaml');
    const options = { context: 'kind', namespace: 'dev', logs: 'all' };
    addWeb({ serve: { options } });
    await run({ namespace: 'shop' });
    expect(deployOf()).toEqual({
      options: { context: 'kind', namespace: 'shop' },
    });
  });

  it('is written into no chart', async () => {
    addWeb();
    tree.write('apps/web/k8s/Chart.yaml', 'name: web\n');
    await expect(run({ directory: 'k8s/more' })).rejects.toThrow(
      /k8s\/more\/web.yaml would lie in the Helm chart k8s/,
    );
  });

  it('of a folder with a kustomization is left to that', async () => {
    addWeb();
    tree.write('apps/web/ops/kustomization.yaml', 'resources: []\n');
    await run({ directory: 'ops' });
    expect(deployOf()).toBeUndefined();
  });
});

describe('what comes next', () => {
  const said = async (options?: Partial<ManifestGeneratorSchema>) => {
    const log = jest.spyOn(logger, 'info').mockImplementation();
    const tell = await run(options);
    await tell();
    const lines = log.mock.calls.flat().join('\n');
    log.mockRestore();
    return lines;
  };

  it('is to deploy it, and to serve it', async () => {
    addWeb();
    tree.write('apps/web/Dockerfile', 'FROM a\nEXPOSE 3000\n');
    const text = await said();
    expect(text).toContain(
      'of the image web, at port 3000 (apps/web/Dockerfile)',
    );
    expect(text).toContain('\n  npx nx deploy web\n');
    expect(text).toContain('\n  npx nx serve web --portForwards');
  });

  it('tells a guess from what is known', async () => {
    addWeb();
    expect(await said()).toContain('8080 is a guess');
  });

  it('is no command that runs something else', async () => {
    useGlobs('{projectRoot}/k8s/*.yaml');
    addWeb({ serve: { executor: '@nx/vite:dev-server' } });
    const text = await said();
    expect(text).toMatch(
      /serve already, which runs @nx\/vite:dev-server\. .*"k8s-serve"/,
    );
    expect(text).not.toContain('npx nx serve');
  });

  it('is to list the file where a kustomization says what is deployed', async () => {
    addWeb();
    tree.write('apps/web/k8s/kustomization.yaml', 'resources: []\n');
    expect(await said()).toContain('add the file to its resources');
  });

  it('is to choose where there are several sources', async () => {
    addWeb();
    tree.write('apps/web/deploy/base/kustomization.yaml', 'resources: []\n');
    expect(await said({ directory: 'k8s' })).toContain(
      'choose by the option source of web:deploy',
    );
  });
});

describe('the plugin', () => {
  it('is registered, with other names for targets that are taken', async () => {
    addWeb({ serve: { executor: '@nx/vite:dev-server' } });
    await run();
    const [entry] = readNxJson(tree)?.plugins ?? [];
    expect(entry).toMatchObject({
      plugin: 'nx-slipway',
      options: { targetNames: { serve: 'k8s-serve' } },
    });
  });

  it('is left as it is where it is registered', async () => {
    addWeb();
    useGlobs('{projectRoot}/k8s/*.yaml');
    const before = tree.read('nx.json', 'utf8');
    await run();
    expect(tree.read('nx.json', 'utf8')).toBe(before);
    expect(isObject(deployOf())).toBe(false);
  });
});
