import { tryRun } from './run';
import type { TestWorkspace } from './workspace';

/**
 * Asks the workspace's own Nx, in its own process: one of another version, or
 * one that knows another workspace, would plan otherwise. All tasks at once,
 * since a plan needs the whole graph of them.
 */
const INSPECT_ALL = `
  const modules = process.cwd() + '/node_modules/';
  const inNx = (path) => require(modules + 'nx/dist/src/' + path + '.js');
  const { createProjectGraphAsync } = require(modules + '@nx/devkit');
  const { HashPlanInspector } = inNx('hasher/hash-plan-inspector');
  const { createTaskHasher } = inNx('hasher/create-task-hasher');
  const { readNxJson } = inNx('config/nx-json');
  const { createTaskGraph } = inNx('tasks-runner/create-task-graph');

  async function main() {
    const graph = await createProjectGraphAsync({ exitOnError: true });
    const inspector = new HashPlanInspector(graph, process.cwd());
    await inspector.init();
    const hasher = createTaskHasher(graph, readNxJson(process.cwd()));
    const found = {};
    const nodes = Object.values(graph.nodes);
    const targetsOf = (node) => Object.keys(node.data.targets ?? {});
    for (const target of new Set(nodes.flatMap(targetsOf))) {
      const names = nodes.filter((node) => targetsOf(node).includes(target)).map(({ name }) => name);
      const parts = inspector.inspectHashPlan(names, [target]);
      const taskGraph = createTaskGraph(graph, {}, names, [target], undefined, {});
      const tasks = Object.values(taskGraph.tasks);
      const envs = Object.fromEntries(tasks.map(({ id }) => [id, process.env]));
      const hashes = await hasher.hashTasks(tasks, taskGraph, envs);
      tasks.forEach(({ id }, index) => {
        found[id] = { parts: parts[id], hash: hashes[index].value };
      });
    }
    // A worker of a plugin may still hold the process open.
    process.stdout.write('\\n' + JSON.stringify(found), () => process.exit());
  }
  main();
`;

/** By `PROJECT:TARGET`, of every target of every project. */
type ByTask<T> = Record<string, T>;

/**
 * What the hash of each task is made of, as Nx names it: `file:PATH` of each
 * file, `env:NAME`, `runtime:COMMAND`, `AllExternalDependencies` or a package,
 * `GLOB:OUTPUT` of what other tasks put out, `PROJECT:ProjectConfiguration`.
 * @returns the parts of each, sorted
 */
export async function hashParts(
  workspace: TestWorkspace,
): Promise<ByTask<string[]>> {
  const found = Object.entries(await inspect(workspace));
  return Object.fromEntries(
    found.map(([task, { parts }]) => [task, parts.sort()]),
  );
}

/** The hashes themselves, with whatever outputs of other tasks there are now. */
export async function taskHashes(
  workspace: TestWorkspace,
): Promise<ByTask<string>> {
  const found = Object.entries(await inspect(workspace));
  return Object.fromEntries(found.map(([task, { hash }]) => [task, hash]));
}

async function inspect(
  workspace: TestWorkspace,
): Promise<ByTask<{ parts: string[]; hash: string }>> {
  const { exitCode, output, stdout } = await tryRun(
    process.execPath,
    ['-e', INSPECT_ALL],
    { cwd: workspace.root, env: workspace.env() },
  );
  const last = stdout.slice(stdout.lastIndexOf('\n') + 1);
  if (exitCode !== 0 || !last) throw new Error(output);
  return JSON.parse(last) as ByTask<{ parts: string[]; hash: string }>;
}
