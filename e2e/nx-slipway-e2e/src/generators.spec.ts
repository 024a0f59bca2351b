import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { TestNamespace } from './support/cluster';
import { until } from './support/deploy-stage';
import { dockerfile } from './support/project';
import { TestWorkspace } from './support/workspace';

const PACKAGE = 'node_modules/nx-slipway';

interface Listed {
  readonly schema: string;
  readonly description: string;
}

const namesOf = (value: object = {}) => Object.keys(value).sort();

function registryOf({ sandbox }: TestWorkspace) {
  const { host, hostFromCluster } = sandbox.registry;
  return { host, hostFromCluster };
}

describe('the generators of the packed plugin', () => {
  const namespace = `e2e-generators-${process.pid}`;
  let workspace: TestWorkspace;
  let cluster: TestNamespace;
  let context: string;
  let listed: [name: string, about: Listed][];

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    context = workspace.sandbox.cluster?.context ?? '';
    await workspace.writeJson('apps/web/project.json', { name: 'web' });
    await workspace.write(
      'apps/web/Dockerfile',
      dockerfile(
        workspace,
        'web',
        'COPY www /www',
        'EXPOSE 8080',
        'CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]',
      ),
    );
    await workspace.write('apps/web/www/index.html', '<h1>Hello</h1>\n');
    cluster = await TestNamespace.create(workspace.sandbox, namespace);
    const { generators } = JSON.parse(
      await workspace.read(`${PACKAGE}/generators.json`),
    ) as { generators: Record<string, Listed> };
    listed = Object.entries(generators);
  });

  afterAll(async () => {
    await cluster.remove();
    await workspace.remove();
  });

  const generate = (...args: string[]) =>
    workspace.nx(['generate', ...args, '--no-interactive']);
  const done = async (...args: string[]) => {
    const { exitCode, output } = await generate(...args);
    if (exitCode !== 0) throw new Error(output);
    return output;
  };
  /** The sandbox's registry has another name there. */
  const reachRegistryFromCluster = () =>
    workspace.editJson('nx.json', (nxJson) => {
      const [plugin] = nxJson.plugins as { options: { registry: unknown } }[];
      if (plugin) plugin.options.registry = registryOf(workspace);
    });
  const changes = () => workspace.git('status', '--porcelain');

  const CONFIGURATION = [
    ...['nx-slipway:configuration', 'web', 'production'],
    ...['--overlay', '--replicas=2'],
  ];
  const steps = () => [
    [
      ...['nx-slipway:init', '--skipPackageJson'],
      `--registry=${workspace.sandbox.registry.host}`,
    ],
    ['nx-slipway:custom-build', 'web'],
    ['nx-slipway:manifest', 'web', '--probe=/', '--env=COLOR=blue'],
    [...CONFIGURATION, `--context=${context}`, `--namespace=${namespace}`],
  ];

  it('are listed with what they do, and each names all its options', async () => {
    const { output } = await workspace.nx(['list', 'nx-slipway']);
    for (const [name, { description }] of listed) {
      expect(output).toContain(`${name} : ${description}`);
    }
    for (const [name, { schema }] of listed) {
      const { properties } = JSON.parse(
        await readFile(join(workspace.root, PACKAGE, schema), 'utf8'),
      ) as { properties: Record<string, { description: string }> };
      const help = await workspace.nx(['g', `nx-slipway:${name}`, '--help']);
      const shown = help.output.replace(/\s+/g, ' ');
      for (const [option, { description }] of Object.entries(properties)) {
        // Lines are broken, with types between them: what it begins with.
        const words = description.split(' ').slice(0, 2).join(' ');
        expect(shown).toContain(`--${option} ${words}`);
      }
    }
  });

  it('lead from a Dockerfile to a page that a cluster serves', async () => {
    const said: string[] = [];
    for (const args of steps()) said.push(await done(...args));
    expect(said.join('\n')).toMatch(
      /npx nx deploy web$[^]*npx nx run web:deploy:production$/m,
    );
    await reachRegistryFromCluster();
    const { targets = {} } = await workspace.showProject('web');
    expect(namesOf(targets)).toEqual([
      ...['custom-build', 'deploy', 'down', 'render', 'serve'],
    ]);
    // Each takes what it has of it.
    const { deploy, serve, render, down } = targets;
    const source = { kustomize: 'overlays/production' };
    const here = { context, namespace };
    expect(deploy?.configurations?.production).toEqual({ source, ...here });
    expect(serve?.configurations?.production).toEqual({ source, ...here });
    expect(render?.configurations?.production).toEqual({ source, namespace });
    expect(down?.configurations?.production).toEqual(here);

    const ran = await workspace.nx(['run', 'web:deploy:production']);
    expect(ran.output).toContain('Deployment');
    expect(ran.exitCode).toBe(0);
    const jsonPath = (path: string, ...what: string[]) =>
      cluster.kubectl('get', ...what, '-o', `jsonpath={${path}}`);
    expect(await jsonPath('.status.readyReplicas', 'deployment/web')).toBe('2');
    const ip = await jsonPath('.spec.clusterIP', 'service/web');
    const page = await until('the page', async () => {
      const answer = await fetch(`http://${ip}/`).catch(() => undefined);
      return answer?.ok && answer.text();
    });
    expect(page).toBe('<h1>Hello</h1>\n');
  });

  it('change nothing when they are run again', async () => {
    await workspace.commitAll();
    for (const args of steps()) await done(...args);
    expect(await changes()).toBe('');
  });

  it('write nothing in a dry run, and say what they would', async () => {
    await workspace.commitAll();
    const output = await done(
      ...['nx-slipway:manifest', 'web', '--name=second', '--dry-run'],
    );
    expect(output).toContain('CREATE apps/web/k8s/second.yaml');
    expect(await changes()).toBe('');
  });

  it.each([
    [
      'an unknown project',
      ['manifest', 'wep'],
      /no project "wep"[^]*hint: Did you mean web\?/,
    ],
    [
      'an unknown option',
      ['manifest', 'web', '--prot=1'],
      /'prot' is not found in schema/,
    ],
    [
      'a port that is none',
      ['manifest', 'web', '--port=70000'],
      /'port' .* 70000 should be at most 65535/,
    ],
    [
      'a name that is taken',
      [...['configuration', 'web', 'production'], '--context=else'],
      /SLIPWAY_E_EXISTS: web:deploy:production is there already, with context "[^]*hint: .*--force/,
    ],
  ])(
    'refuse %s, and write nothing',
    async (_, [name = '', ...args], message) => {
      await workspace.commitAll();
      const { exitCode, output } = await generate(
        `nx-slipway:${name}`,
        ...args,
      );
      expect(output).toMatch(message);
      expect(exitCode).toBe(1);
      expect(output).not.toMatch(/^\s+at /m);
      expect(await changes()).toBe('');
    },
  );
});
