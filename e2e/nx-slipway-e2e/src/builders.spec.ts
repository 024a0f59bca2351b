import { randomBytes } from 'node:crypto';
import { parseReference } from '../../../packages/nx-slipway/src/image';
import {
  addBuilder,
  configureBuilders,
  pageInImage,
} from './support/builder-project';
import {
  BUILDERS,
  deployedPattern,
  refIn,
  type Builder,
} from './support/builders';
import { TestNamespace } from './support/cluster';
import { outputsOf } from './support/mode-cell';
import { openRegistry } from './support/registry';
import { TestWorkspace } from './support/workspace';

/** Builders that make the same image of the same files, each time. */
const REPEATABLE = ['dumped', 'ko', 'ko-pushed'];

describe('the builders of the guide', () => {
  const names = BUILDERS.map((builder) => [builder.id, builder] as const);
  let workspace: TestWorkspace;
  let env: Record<string, string>;
  const page = randomBytes(8).toString('hex');
  let outputs: ReadonlyMap<string, string>;

  const runMany = async (ids: readonly string[]) => {
    const { output } = await workspace.nx(
      [
        ...['run-many', '-t', 'custom-build', '-p', ids.join(',')],
        ...['--parallel=2', '--output-style=static'],
      ],
      env,
    );
    const printed = outputsOf(output);
    // Nx itself has failed, and no project can show it.
    if (printed.size === 0) throw new Error(output);
    return printed;
  };
  const refOf = ({ id }: Builder) => refIn(outputs.get(id) ?? '');

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin({ registry: workspace.sandbox.registry });
    for (const builder of BUILDERS) await addBuilder(workspace, builder, page);
    env = await configureBuilders(workspace);
    outputs = await runMany(BUILDERS.map(({ id }) => id));
  });

  afterAll(() => workspace.remove());

  it.each(names)('deploys what the command made: %s', (_id, builder) => {
    const { hostFromCluster } = workspace.sandbox.registry;
    expect(refOf(builder)).toMatch(
      deployedPattern(hostFromCluster, builder.deployed),
    );
  });

  it.each(names)('leaves it in the registry: %s', async (_id, builder) => {
    const { path, tag, digest = '' } = parseReference(refOf(builder));
    const registry = openRegistry(workspace.sandbox.registry.host);
    const manifest = await registry.headManifest(path, tag ?? digest);
    expect(manifest?.digest).toBe(digest);
  });

  it('leaves no transient tag in Docker', async () => {
    const tags = await workspace.docker(
      ...['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'],
    );
    const { host } = workspace.sandbox.registry;
    const repositories = BUILDERS.map(
      ({ deployed }) => `${host}/${deployed.split(/[:@]/)[0]}`,
    );
    const transient = tags
      .split('\n')
      .filter((ref) =>
        repositories.some((name) => ref.startsWith(`${name}:nx-build-`)),
      );
    expect(transient).toEqual([]);
  });

  it('tells a command by the name of tilt what will be deployed', async () => {
    const dumped = await workspace.read('apps/dumped/deploy-ref.txt');
    expect(refIn(outputs.get('dumped') ?? '').split('@')[0]).toBe(dumped);
  });

  it('deploys the same ref when nothing has changed', async () => {
    const again = await runMany(REPEATABLE);
    const of = (printed: ReadonlyMap<string, string>) =>
      REPEATABLE.map((id) => refIn(printed.get(id) ?? ''));
    expect(of(again)).toEqual(of(outputs));
  });

  it('runs in the cluster what each of them made', async () => {
    const name = `builders-${randomBytes(4).toString('hex')}`;
    const namespace = await TestNamespace.create(workspace.sandbox, name);
    try {
      await namespace.runPods(
        new Map(BUILDERS.map((builder) => [builder.id, refOf(builder)])),
      );
      const pages = await Promise.all(
        BUILDERS.map((builder) =>
          namespace.kubectl(
            'exec',
            builder.id,
            '--',
            'cat',
            pageInImage(builder),
          ),
        ),
      );
      expect(pages).toEqual(BUILDERS.map(() => page));
    } finally {
      await namespace.remove();
    }
  });
});
