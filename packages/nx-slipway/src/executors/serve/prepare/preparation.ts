import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { DepSelection } from '../../../inputs';
import { CUSTOM_BUILD } from '../../../settings';
import type { RunOptions } from './request';
import { sourcesOf } from './sources';
import { tasksOf, type Tasks } from './task-graph';
import { TaskRuns } from './task-runs';

/** The tasks that must have run before an image is built. */
export interface Preparation {
  /** The ids of those that the image names itself: `web:build`. */
  readonly tasks: readonly string[];
  /**
   * What they and all that they depend on read: at least what Nx hashes for
   * them. Without what they write, and what git ignores.
   */
  readonly sources: DepSelection;
  /**
   * Runs them to their end, as `nx run-many` does: from the cache where it has
   * them. Preparations that are asked for in the same turn share one run; one
   * that has a task in common with a run on its way waits for its end.
   * @throws SLIPWAY_E_COMMAND_FAILED with the tasks that failed and the last
   *   lines of each; SLIPWAY_E_CANCELLED, once what was started for it alone
   *   is gone
   */
  run(options: RunOptions): Promise<void>;
}

/** Of all images that this process serves. */
const runs = new TaskRuns();

/**
 * What Nx would run before an image's target, but for the builds of other
 * images, and for tasks that never end.
 * @param context of the image's `custom-build` target
 * @param configuration that Nx hands on from task to task: the one that serve
 *   was run with. Unless it is given, the image's own if that is no default
 * @returns undefined for an image that needs none
 * @throws SLIPWAY_E_OPTION_INVALID for a dependsOn that Nx cannot follow
 */
export function preparationOf(
  context: ExecutorContext,
  configuration = askedOf(context),
): Preparation | undefined {
  const { root, projectName = '', targetName = '', target } = context;
  if (!target?.dependsOn?.length) return undefined;
  const { nodes } = context.projectGraph;
  const graph = tasksOf(context, configuration);
  const wanted = wantedBy({ projectName, targetName }, graph, (id) => {
    const { project = '', target: name = '' } = graph.tasks[id]?.target ?? {};
    return nodes[project]?.data.targets?.[name]?.executor;
  });
  if (wanted.length === 0) return undefined;
  const tasksWith = (ids: readonly string[]) =>
    ids.flatMap((id) => graph.tasks[id] ?? []);
  const all = tasksWith(reach(wanted, graph));
  const sources = sourcesOf(all, context);
  const tasks = {
    root,
    image: `${projectName}:${targetName}`,
    configuration,
    wanted: tasksWith(wanted),
    all,
    sources,
    dotEnv: [root, ownFolder(context)],
    hasTarget: (project: string, name: string) =>
      nodes[project]?.data.targets?.[name] !== undefined,
  };
  return {
    tasks: wanted,
    sources,
    run: (options) => runs.run(tasks, options),
  };
}

/** Nx hands on what was asked for, and no default of the task that asks. */
function askedOf({
  configurationName,
  target,
}: ExecutorContext): string | undefined {
  return configurationName === target?.defaultConfiguration
    ? undefined
    : configurationName;
}

/** Of the project whose task this process is. */
function ownFolder({ root, projectsConfigurations }: ExecutorContext): string {
  const name = process.env.NX_TASK_TARGET_PROJECT ?? '';
  return join(root, projectsConfigurations.projects[name]?.root ?? '');
}

/** What a task waits for; of `nx:noop`, which does nothing, what that waits for. */
function wantedBy(
  { projectName, targetName }: { projectName: string; targetName: string },
  { tasks, dependencies }: Tasks,
  executorOf: (id: string) => string | undefined,
): string[] {
  const own = Object.values(tasks).find(
    ({ target }) =>
      target.project === projectName && target.target === targetName,
  );
  const open = own ? [own.id] : [];
  const seen = new Set(open);
  const wanted: string[] = [];
  for (const id of open) {
    for (const before of dependencies[id] ?? []) {
      if (seen.has(before)) continue;
      seen.add(before);
      const executor = executorOf(before);
      if (executor === 'nx:noop') open.push(before);
      // Serve builds images itself.
      else if (executor !== CUSTOM_BUILD) wanted.push(before);
    }
  }
  return wanted;
}

function reach(
  tasks: readonly string[],
  { dependencies }: Tasks,
): readonly string[] {
  const found = new Set(tasks);
  // A set is walked with what is added meanwhile.
  for (const id of found) {
    for (const before of dependencies[id] ?? []) found.add(before);
  }
  return [...found];
}
