import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addSources, configureBuilders } from './support/builder-project';
import { deployedPattern, refIn } from './support/builders';
import { TestNamespace } from './support/cluster';
import { outputsOf } from './support/mode-cell';
import { RECIPE_CASES, type RecipeCase } from './support/recipes';
import { NxProcess } from './support/serve-process';
import { TestWorkspace } from './support/workspace';

/** Of a loaded machine, for a build, a push and a rollout of each. */
const DEADLINE_MS = 120_000;
const STEP_MS = 100;

const ids = RECIPE_CASES.map(({ id }) => id);
const cases = RECIPE_CASES.map((each) => [each.id, each] as const);
const another = () => randomBytes(8).toString('hex');

/**
 * Sources of a user's, and from there to the page that the cluster serves by
 * nothing but what the generators wrote: each builder by the real tool.
 */
describe('from sources to a served page, by recipes', () => {
  /** One each: two that build the same would find it in one store. */
  const pages = new Map(ids.map((id) => [id, another()]));
  const files = new Map<string, string>();
  let workspace: TestWorkspace;
  let namespace: TestNamespace;
  let env: Record<string, string>;
  let outputs: ReadonlyMap<string, string>;
  let addresses: ReadonlyMap<string, string>;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    const { registry, cluster } = workspace.sandbox;
    await workspace.usePlugin({
      registry,
      allowContexts: [cluster?.context],
      workspaceId: `e2e-${another()}`,
    });
    for (const each of RECIPE_CASES) {
      files.set(
        each.id,
        await addSources(workspace, each, pages.get(each.id) ?? ''),
      );
    }
    env = await configureBuilders(workspace);
    namespace = await TestNamespace.create(
      workspace.sandbox,
      `recipes-${another()}`,
    );
    const queue = RECIPE_CASES.values();
    const generate = async () => {
      for (const each of queue) await generated(each);
    };
    await Promise.all([generate(), generate()]);

    const { exitCode, output } = await workspace.nx(
      [
        ...['run-many', '-t', 'deploy', '--parallel=2'],
        '--output-style=static',
      ],
      env,
    );
    if (exitCode !== 0) throw new Error(output);
    outputs = outputsOf(output);
    addresses = new Map(
      await Promise.all(
        ids.map(async (id) => [id, await addressOf(id)] as const),
      ),
    );
  });

  afterAll(async () => {
    await namespace?.remove();
    await workspace?.remove();
  });

  it.each(cases)('builds by the tool itself: %s', (id, { deployed, said }) => {
    const output = outputs.get(id) ?? '';
    expect(output).toMatch(said ?? '');
    const { hostFromCluster } = workspace.sandbox.registry;
    expect(refIn(output)).toMatch(deployedPattern(hostFromCluster, deployed));
  });

  it.each(ids)('serves the page that it was built of: %s', async (id) => {
    const page = pages.get(id) ?? '';
    expect(await served(id, page)).toBe(page);
  });

  it('builds, deploys and serves again what was edited, with nothing built before', async () => {
    const [first = '', ...others] = ids;
    const serve = new NxProcess(
      workspace,
      ['serve', first, `--projects=${others.join(',')}`, '--output=json'],
      env,
    );
    try {
      await serve.upToDate();
      const built = serve.events.filter(
        (event) =>
          event.type === 'cycle' &&
          event.phases.some(({ name }) => name === 'build'),
      );
      expect(built).toEqual([]);
      const edited = new Map(ids.map((id) => [id, another()]));
      for (const [id, text] of edited) {
        await workspace.write(files.get(id) ?? '', text);
      }
      const found = await Promise.all(
        [...edited].map(async ([id, text]) => [id, await served(id, text)]),
      );
      expect(found).toEqual([...edited]);
    } finally {
      await serve.stop();
    }
  });

  /** The target by a recipe, a Deployment and a Service: by Nx, as a user would. */
  async function generated({
    id,
    args = [],
    manifest = [],
    options,
  }: RecipeCase) {
    for (const words of [
      ['custom-build', id, ...args],
      [
        ...['manifest', id, '--probe=/', `--namespace=${namespace.name}`],
        ...manifest,
      ],
    ]) {
      const [name = '', ...rest] = words;
      const { exitCode, output } = await workspace.nx([
        ...['generate', `nx-slipway:${name}`, ...rest],
        '--no-interactive',
      ]);
      if (exitCode !== 0) throw new Error(`${words.join(' ')}:\n${output}`);
    }
    if (!options) return;
    await workspace.editJson(`apps/${id}/project.json`, (project) => {
      const targets = project.targets as Record<string, { options: object }>;
      Object.assign(targets['custom-build']?.options ?? {}, options);
    });
  }

  /** Of its Service, which answers from this machine as well. */
  async function addressOf(id: string): Promise<string> {
    const path = 'jsonpath={.spec.clusterIP}';
    return namespace
      .kubectl('get', 'service', id, '-o', path)
      .catch((error: Error) => `none: ${error.message}`);
  }

  /** @returns the page, once it is that; the last one seen, if it never is */
  async function served(id: string, text: string): Promise<string> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const found = await fetch(`http://${addresses.get(id)}/`, {
        headers: { connection: 'close' },
      })
        .then((answer) => answer.text())
        .catch(String);
      if (found === text || Date.now() > deadline) return found;
      await sleep(STEP_MS);
    }
  }
});
