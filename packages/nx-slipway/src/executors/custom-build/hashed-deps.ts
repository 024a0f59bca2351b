import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { outputMakes } from '../../inputs';
import { SlipwayError } from '../../report';
import { tasksBefore } from '../task-edges';

/**
 * What git ignores, Nx hashes as the output of a task that runs before, and
 * only then. Whether one makes it could not be told when the graph was made, if
 * another plugin infers its outputs: it is told now, before a result is cached
 * under a hash that does not hold it.
 * @throws SLIPWAY_E_DEPS_UNHASHED
 */
export function assertHashed(context: ExecutorContext): void {
  const { root, target, taskGraph, projectName = '' } = context;
  if (!target?.cache || !taskGraph) return;
  const outputs = outputsBefore(taskOf(context), taskGraph);
  const unhashed = madePaths(target.inputs ?? []).filter((path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    return (
      stat &&
      !outputs.some((output) => outputMakes(output, path, stat.isDirectory()))
    );
  });
  if (unhashed.length === 0) return;
  const names = unhashed.join(' and ');
  throw new SlipwayError({
    code: 'SLIPWAY_E_DEPS_UNHASHED',
    message: `git ignores ${names}, which deps of ${taskOf(context)} name, and no task that runs before it has that for an output: Nx would not see it change, and answer with a stale image.`,
    hint: `Name the target that makes it in dependsOn, with its outputs; or set "cache": false for the target of ${projectName}.`,
  });
}

function taskOf({
  projectName,
  targetName,
  configurationName,
}: ExecutorContext): string {
  return [projectName, targetName, configurationName].filter(Boolean).join(':');
}

/** Paths, without their twins that are globs (plugin/build-target). */
function madePaths(inputs: readonly unknown[]): string[] {
  return inputs.flatMap((input) => {
    const { dependentTasksOutputFiles: path, transitive } = Object(input) as {
      dependentTasksOutputFiles?: unknown;
      transitive?: unknown;
    };
    const isMade = typeof path === 'string' && transitive === true;
    return isMade && !path.includes('*') ? [path] : [];
  });
}

function outputsBefore(task: string, graph: TaskGraph): string[] {
  const seen = new Set(tasksBefore(task, graph));
  for (const id of seen) {
    for (const before of tasksBefore(id, graph)) seen.add(before);
  }
  return [...seen].flatMap((id) => graph.tasks[id]?.outputs ?? []);
}
