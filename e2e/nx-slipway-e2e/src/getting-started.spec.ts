import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSandbox, sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import { pageAt } from '../../../docs/tools/page';
import { Story, stepsOf, type Replacements } from '../../../docs/tools/story';
import { TestNamespace } from './support/cluster';
import { tryRun } from './support/run';

const PAGE = 'docs/getting-started.md';
/** What a reader has, by the name of a local product's. */
const CONTEXT = 'kind-acme';

// Each step has a deadline of its own, and says what it has waited for.
jest.setTimeout(1_200_000);

describe(`a reader of ${PAGE}`, () => {
  const name = `e2e-reader-${randomBytes(4).toString('hex')}`;
  let folder: string;
  let sandbox: Sandbox;
  let namespace: TestNamespace;

  beforeAll(async () => {
    sandbox = await ensureSandbox();
    namespace = await TestNamespace.create(sandbox, name);
    folder = await mkdtemp(join(tmpdir(), 'slipway-e2e-'));
    await writeFile(join(folder, 'kubeconfig'), await kubeconfig());
  });

  afterAll(async () => {
    await namespace.remove();
    // A process of Nx that ends meanwhile may write for another moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  });

  it('comes from an empty folder to a page that is served and edited', async () => {
    let workspace = '';
    try {
      await Story.tell(
        stepsOf(pageAt(PAGE)),
        { cwd: folder, env: env() },
        replacements(),
        async ({ cwd }) => {
          workspace = cwd;
          const { registry } = sandbox;
          const image = await namespace.kubectl(
            ...['get', 'deployment', '--output'],
            'jsonpath={.items[*].spec.template.spec.containers[*].image}',
          );
          expect(image).toMatch(/^\S+\/hello:nx-[0-9a-f]{16}@sha256:\S{64}$/);
          expect([registry.host, registry.hostFromCluster]).toContain(
            image.split('/')[0],
          );
        },
      );
    } finally {
      if (workspace !== '') await stopDaemon(workspace);
    }
  });

  /** A reader has the published plugin, and a registry at the usual port. */
  function replacements(): Replacements {
    const tarball = process.env.SLIPWAY_E2E_TARBALL ?? '';
    return [
      ['nx add nx-slipway', `nx add nx-slipway@${tarball}`],
      ['localhost:5000', sandbox.registry.host],
    ];
  }

  /** Nothing of whoever runs the tests but what a reader has, too. */
  function env() {
    return {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...sandboxEnv(sandbox),
      KUBECONFIG: join(folder, 'kubeconfig'),
      NX_NO_CLOUD: 'true',
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    };
  }

  async function kubeconfig(): Promise<string> {
    const text = await readFile(sandbox.cluster?.kubeconfig ?? '', 'utf8');
    const { clusters, users } = JSON.parse(text) as {
      clusters: { cluster: object }[];
      users: { user: object }[];
    };
    const context = { cluster: CONTEXT, user: CONTEXT, namespace: name };
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': CONTEXT,
      clusters: [{ name: CONTEXT, cluster: clusters[0]?.cluster }],
      users: [{ name: CONTEXT, user: users[0]?.user }],
      contexts: [{ name: CONTEXT, context }],
    });
  }

  async function stopDaemon(cwd: string): Promise<void> {
    await tryRun('npx', ['nx', 'daemon', '--stop'], { cwd, env: env() });
  }
});
