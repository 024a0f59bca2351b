import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestNamespace } from './support/cluster';
import {
  addCell,
  ofCell,
  outputsOf,
  patternOf,
  runsInCluster,
} from './support/mode-cell';
import { CELLS, modesTables, type Cell } from './support/modes';
import { tryRun } from './support/run';
import { TestWorkspace } from './support/workspace';

it('is what docs/modes.md shows', () => {
  const docs = readFileSync(join(__dirname, '../../../docs/modes.md'), 'utf8');
  const shown = /<!-- modes -->\n([\s\S]*?)\n<!-- \/modes -->/.exec(docs)?.[1];
  expect(shown).toBe(modesTables());
});

/** Minutes for a hundred builds and pods on two cores. */
const LONG = 300_000;

describe('each pair of options that can meet', () => {
  const isRefused = ({ deployed }: Cell) => deployed === null;
  const allowed = CELLS.filter((cell) => !isRefused(cell));
  let workspace: TestWorkspace;
  let outputs: ReadonlyMap<string, string>;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin({});
    for (const cell of CELLS) await addCell(workspace, cell);
    const { output } = await workspace.nx(
      [
        ...['run-many', '-t', 'custom-build', '--parallel=4'],
        ...['--output-style=static', '--skip-nx-cache'],
      ],
      { CONTAINERD: workspace.sandbox.containerd },
    );
    outputs = outputsOf(output);
  }, LONG);

  afterAll(() => workspace.remove());

  const printed = ({ id }: Cell) => outputs.get(id) ?? '';
  /** The last line of its own that a target prints. */
  const refOf = (cell: Cell) =>
    printed(cell)
      .match(/^\S+:\S+$/gm)
      ?.at(-1) ?? printed(cell);

  it.each(allowed.map((cell) => [cell.id, cell] as const))(
    'deploys what the table says: %s',
    (_id, cell) => {
      const { deployed, mode, situation } = cell;
      const onCluster = mode.id.startsWith('cluster')
        ? deployed
        : situation.registry?.hostFromCluster
          ? deployed?.replace(/^HOST/, 'CLUSTER')
          : deployed;
      expect(refOf(cell)).toMatch(
        patternOf(onCluster ?? '', cell, workspace.sandbox),
      );
    },
  );

  it.each(allowed.map((cell) => [cell.id, cell] as const))(
    'tells the command where its image goes: %s',
    async (id, cell) => {
      const told = await workspace.read(`cells/${id}/told.txt`);
      const ref = told.trim().replace('EXPECTED_REF=', '');
      const { expectedRef = 'unset' } = cell;
      expect(ref).toMatch(patternOf(expectedRef, cell, workspace.sandbox));
    },
  );

  /** Two situations have all the branches, and each question loads Nx. */
  it('is what slipway image-deploy-ref says afterwards', async () => {
    const asked = allowed.filter(({ situation: { id } }) =>
      ['none', 'two'].includes(id),
    );
    const program = join(workspace.root, 'node_modules/.bin/slipway');
    const where = { cwd: workspace.root, env: workspace.env() };
    const said = new Map<string, string>();
    const queue = asked.values();
    const ask = async () => {
      for (const cell of queue) {
        const { sandbox } = workspace;
        const name = ofCell(cell.situation.ref, cell, sandbox);
        const args = ['image-deploy-ref', name];
        said.set(cell.id, (await tryRun(program, args, where)).output);
      }
    };
    await Promise.all([ask(), ask()]);
    const deployed = asked.map((cell) => [cell.id, refOf(cell)] as const);
    expect(said).toEqual(new Map(deployed));
  });

  it.each(CELLS.filter(isRefused).map((cell) => [cell.id, cell] as const))(
    'refuses what cannot be meant, before anything runs: %s',
    async (id, cell) => {
      expect(printed(cell)).toContain('SLIPWAY_E_OPTION_CONFLICT');
      expect(printed(cell)).toContain('names none and none is set');
      await expect(workspace.read(`cells/${id}/told.txt`)).rejects.toThrow(
        'ENOENT',
      );
    },
  );

  it('leaves no transient tag in Docker', async () => {
    const tags = await workspace.docker(
      ...['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'],
    );
    const transient = CELLS.flatMap(({ id }) =>
      tags
        .split('\n')
        .filter((ref) => ref.includes(id) && ref.includes('-build-')),
    );
    expect(transient).toEqual([]);
  });

  it(
    'runs in the cluster what each mode deploys there',
    async () => {
      const { sandbox } = workspace;
      const namespace = await TestNamespace.create(sandbox, 'modes');
      try {
        const runnable = allowed.filter(runsInCluster);
        await namespace.runPods(
          new Map(runnable.map((cell) => [cell.id, refOf(cell)])),
        );
        const pods = await namespace.kubectl('get', 'pods', '-o', 'name');
        expect(pods.split('\n')).toHaveLength(runnable.length);
      } finally {
        await namespace.remove();
      }
    },
    LONG,
  );
});
