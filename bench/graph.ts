import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Ran } from '../e2e/nx-slipway-e2e/src/support/run';
import type { TestWorkspace } from '../e2e/nx-slipway-e2e/src/support/workspace';
import { writeProjects } from './graph-projects';
import { pluginWorkspace } from './plugin-workspace';
import { removeImages } from './systems';
import { alternate, median, table, timed, type Samples } from './table';
import { peakWorkerMemory } from './worker-memory';

/** `BENCH_ROUNDS` of the small workspace; the large one takes a third of them. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const SMALL = 1_000;
const LARGE = 10_000;
const WORKER_BYTES = 300_000_000;

const ISOLATED = { NX_ISOLATE_PLUGINS: undefined };
const IN_PROCESS = { NX_ISOLATE_PLUGINS: 'false' };

/** The same projects, in a workspace that names the plugin and one that does not. */
interface Pair {
  readonly without: TestWorkspace;
  readonly with: TestWorkspace;
}

/** One way to ask Nx for the graph. */
interface Way {
  readonly name: string;
  /** What the plugin may add, in milliseconds (design 5); only said, not enforced. */
  readonly budget: number;
  /** Before each round, not measured. */
  readonly prepare?: (workspace: TestWorkspace, round: number) => Promise<void>;
  readonly run: (workspace: TestWorkspace) => Promise<Ran>;
}

const noop = ['run', 'p0:noop'];

const COLD: Way = {
  name: 'no daemon, cold',
  budget: 800,
  // The plugin keeps its own cache there, too.
  prepare: ({ root }) =>
    rm(join(root, '.nx/workspace-data'), { recursive: true, force: true }),
  run: (workspace) => workspace.nx(noop, ISOLATED),
};
const WARM: Way = {
  name: 'no daemon, warm',
  budget: 500,
  run: (workspace) => workspace.nx(noop, ISOLATED),
};
const WARM_IN_PROCESS: Way = {
  name: 'no daemon, warm, NX_ISOLATE_PLUGINS=false',
  budget: 150,
  run: (workspace) => workspace.nx(noop, IN_PROCESS),
};
const DAEMON: Way = {
  name: 'daemon, warm',
  budget: 100,
  run: ({ daemon }) => daemon.nx(noop),
};
const DAEMON_AFTER_EDIT: Way = {
  name: 'daemon, right after an edit of a source file',
  budget: 400,
  prepare: (workspace, round) =>
    workspace.write('apps/p7/src/main.js', `console.log(${round});\n`),
  run: ({ daemon }) => daemon.nx(noop),
};

/**
 * What the plugin adds to an Nx command, in workspaces of 1000 and of 10,000
 * projects: two of each, alike but for the plugin's entry in nx.json, since one
 * whose entry comes and goes would never be warm.
 */
export async function graph(): Promise<string> {
  const small = await withPair(SMALL, async (pair) => {
    const ways = [COLD, WARM, WARM_IN_PROCESS, DAEMON, DAEMON_AFTER_EDIT];
    const measured = await measureAll(pair, SMALL, ROUNDS, ways);
    return { ...measured, hit: await cacheHit(pair.with) };
  });
  const large = await withPair(LARGE, async (pair) => {
    const rounds = Math.max(1, Math.round(ROUNDS / 3));
    const ways = [COLD, WARM, WARM_IN_PROCESS];
    const measured = await measureAll(pair, LARGE, rounds, ways);
    return { ...measured, memory: await memory(pair.with) };
  });
  return [
    ...small.lines,
    small.hit,
    ...large.lines,
    linearity(small.added, large.added),
    large.memory,
  ].join('\n');
}

async function withPair<T>(
  count: number,
  work: (pair: Pair) => Promise<T>,
): Promise<T> {
  const made: TestWorkspace[] = [];
  const make = async () => {
    const workspace = await pluginWorkspace();
    made.push(workspace);
    writeProjects(workspace.root, count);
    return workspace;
  };
  try {
    const pair = { without: await make(), with: await make() };
    await pair.with.usePlugin();
    return await work(pair);
  } finally {
    for (const workspace of made) await workspace.remove();
  }
}

/** @returns a table for each way, and what was added, by the way's name */
async function measureAll(
  pair: Pair,
  count: number,
  rounds: number,
  ways: readonly Way[],
) {
  const lines: string[] = [];
  const added: Record<string, number> = {};
  for (const way of ways) {
    const samples = await measure(pair, rounds, way);
    const title = `${count} projects, ${way.name}`;
    lines.push(table(title, samples));
    added[way.name] = addedBy(samples);
    // Budgets are for the small one.
    const budget = count === SMALL ? way.budget : undefined;
    lines.push(addition(samples, budget));
  }
  return { lines, added };
}

async function measure(
  pair: Pair,
  rounds: number,
  { prepare, run }: Way,
): Promise<Record<string, Samples>> {
  const once = async (workspace: TestWorkspace, round: number) => {
    await prepare?.(workspace, round);
    return timed(() => succeed(run(workspace)));
  };
  // The first is warm for nobody.
  await once(pair.without, -1);
  await once(pair.with, -1);
  return alternate(rounds, {
    'Nx alone': (round) => once(pair.without, round),
    'with nx-slipway': (round) => once(pair.with, round),
  });
}

/**
 * A hit of a build that was really made once, beside a hit of another target of
 * the same project: whatever else the plugin costs is in both.
 */
async function cacheHit(workspace: TestWorkspace): Promise<string> {
  const run = (target: string) =>
    succeed(workspace.daemon.nx(['run', `p0:${target}`]));
  const hit = (target: string) =>
    timed(async () => {
      const { output } = await run(target);
      if (!/existing outputs match|local cache/.test(output)) {
        throw new Error(`no hit of ${target}:\n${output}`);
      }
    });
  await run('twin');
  try {
    await run('custom-build');
    // Until the daemon has seen what these two have written.
    await hit('twin');
    await hit('custom-build');
    const samples = await alternate(ROUNDS, {
      "Nx's own hit": () => hit('twin'),
      'custom-build': () => hit('custom-build'),
    });
    const title = `${SMALL} projects, daemon, a cache hit`;
    return [table(title, samples), addition(samples, 20)].join('\n');
  } finally {
    await execa('sh', ['-c', removeImages('p0:')], { env: workspace.env() });
  }
}

/** Of the plugin's worker, which the daemon starts. */
async function memory(workspace: TestWorkspace): Promise<string> {
  const peak = await peakWorkerMemory(workspace, async () => {
    await succeed(workspace.daemon.nx(noop));
    await workspace.write('apps/p7/src/main.js', 'console.log("edited");\n');
    await succeed(workspace.daemon.nx(noop));
  });
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  return `${LARGE} projects, the plugin's worker: ${megabytes(peak)} at most, of ${megabytes(WORKER_BYTES)} allowed`;
}

function linearity(
  small: Readonly<Record<string, number>>,
  large: Readonly<Record<string, number>>,
): string {
  const ratio = LARGE / SMALL;
  const lines = Object.entries(large).map(([name, added]) => {
    const before = small[name] ?? NaN;
    return `  ${name.padEnd(44)} ${before.toFixed(0)} ms -> ${added.toFixed(0)} ms  x${(added / before).toFixed(1)}`;
  });
  return [`added, ${ratio} times the projects`, ...lines].join('\n');
}

function addedBy(samples: Readonly<Record<string, Samples>>): number {
  const [base = [], ours = []] = Object.values(samples);
  return median(ours) - median(base);
}

function addition(
  samples: Readonly<Record<string, Samples>>,
  budget?: number,
): string {
  const allowed = budget === undefined ? '' : ` of ${budget} ms allowed`;
  return `  added: ${addedBy(samples).toFixed(0)} ms${allowed}`;
}

async function succeed(run: Promise<Ran>): Promise<Ran> {
  const ran = await run;
  if (ran.exitCode !== 0) throw new Error(ran.output);
  return ran;
}
