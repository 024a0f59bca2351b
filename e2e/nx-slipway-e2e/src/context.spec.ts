import { sandboxEnv } from '@nx-slipway/sandbox';
import { deployRefOf, addProject } from './support/project';
import { run } from './support/run';
import { TestWorkspace } from './support/workspace';

/** https://github.com/kubernetes/enhancements/tree/master/keps/sig-cluster-lifecycle/generic/1755-communicating-a-local-registry */
const CONFIG_MAP = 'local-registry-hosting';

describe('the option context', () => {
  let workspace: TestWorkspace;
  let context: string;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin({});
    context = workspace.sandbox.cluster?.context ?? '';
    await addProject(workspace, 'web', {
      options: {
        context,
        command:
          'docker build -q -t $EXPECTED_REF . && echo "context [$(kubectl config current-context)]"',
      },
    });
  });

  afterAll(async () => {
    await announce(undefined);
    await workspace.remove();
  });

  function kubectl(args: readonly string[], input?: string): Promise<string> {
    return run('kubectl', ['--namespace=kube-public', ...args], {
      env: sandboxEnv(workspace.sandbox),
      input,
    });
  }

  async function announce(hosting: object | undefined): Promise<void> {
    await kubectl(['delete', 'configmap', CONFIG_MAP, '--ignore-not-found']);
    if (!hosting) return;
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: CONFIG_MAP },
      // JSON is YAML, too.
      data: { 'localRegistryHosting.v1': JSON.stringify(hosting) },
    };
    await kubectl(['create', '-f', '-'], JSON.stringify(configMap));
  }

  const build = (...args: string[]) =>
    workspace.nx([
      ...['run', 'web:custom-build', '--skip-nx-cache'],
      ...args.filter(Boolean),
    ]);

  async function inputHash(): Promise<string> {
    const record = await workspace.read('.nx/slipway/web.json');
    return (JSON.parse(record) as { inputHash: string }).inputHash;
  }

  it('leaves the image in Docker where the cluster announces no registry, and says so', async () => {
    const { exitCode, output } = await build();
    expect(exitCode).toBe(0);
    expect(output).toContain(`no registry: ${context} announces none`);
    expect(deployRefOf(output)).toMatch(/^web:nx-[0-9a-f]{16}$/);
  });

  it('is the one that the command talks to, whatever is current elsewhere', async () => {
    const { output } = await build();
    expect(output).toContain(`context [${context}]`);
  });

  it('finds the registry that the cluster announces, of the same inputs', async () => {
    const before = await inputHash();
    const { host, hostFromCluster } = workspace.sandbox.registry;
    await announce({ host, hostFromContainerRuntime: hostFromCluster });
    const { output } = await build();
    expect(output).toContain(`registry ${host}, announced by`);
    expect(deployRefOf(output)).toMatch(
      new RegExp(`^${hostFromCluster}/web:nx-[0-9a-f]{16}@sha256:`),
    );
    expect(await inputHash()).toBe(before);
  });

  it('gives way to a registry that is written down, and says so', async () => {
    const { host } = workspace.sandbox.registry;
    await announce({ host: 'localhost:1' });
    const { output } = await build(`--registry=${host}`);
    expect(output).toContain(`registry ${host}, as the option says`);
    expect(deployRefOf(output)).toContain(`${host}/web:nx-`);
  });

  it('names a context that there is', async () => {
    const { host } = workspace.sandbox.registry;
    for (const registry of [`--registry=${host}`, '']) {
      const { exitCode, output } = await build('--context=nowhere', registry);
      expect(exitCode).toBe(1);
      expect(output).toMatch(/SLIPWAY_E_KUBECONFIG: .*nowhere/);
    }
  });
});
