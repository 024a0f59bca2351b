import { output, type ExecutorContext, type Task } from '@nx/devkit';
import { SlipwayError } from '../../../report';
import { internalModule } from '../../internal-module';
import { tasksBefore, type TaskEdges } from '../../task-edges';

/** Tasks by their ids, and which each waits for: to their ends, not continuous ones. */
export interface Tasks {
  readonly tasks: Readonly<Record<string, Task>>;
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

interface NxTaskGraph {
  readonly tasks: Record<string, Task>;
  readonly dependencies: TaskEdges;
}

type CreateTaskGraph = (
  graph: ExecutorContext['projectGraph'],
  extraDependencies: object,
  projects: readonly string[],
  targets: readonly string[],
  configuration: string | undefined,
  overrides: object,
) => NxTaskGraph;

/**
 * The tasks of a target and all that it depends on, as Nx makes them of
 * dependsOn: by Nx's own function, which is not public and was there, with
 * these parameters, from 22.7.0 to 24.0.6.
 * @param configuration that Nx hands on from task to task
 * @throws SLIPWAY_E_OPTION_INVALID where Nx could not run them either
 */
export function tasksOf(
  { projectName = '', targetName = '', projectGraph }: ExecutorContext,
  configuration: string | undefined,
): Tasks {
  const create = createTaskGraphOfNx();
  // It warns on standard output, which may be for programs; so does the run.
  const warn = output.warn.bind(output);
  output.warn = () => {};
  try {
    const { tasks, dependencies } = create(
      projectGraph,
      {},
      [projectName],
      [targetName],
      configuration,
      {},
    );
    return { tasks, dependencies: idsOf(dependencies) };
  } catch (error) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `Nx cannot tell which tasks ${projectName}:${targetName} depends on: ${error instanceof Error ? error.message : String(error)}`,
      hint: `Check dependsOn of ${projectName}:${targetName}, and of the targets that it names.`,
      cause: error,
    });
  } finally {
    output.warn = warn;
  }
}

function idsOf(dependencies: TaskEdges): Record<string, string[]> {
  return Object.fromEntries(
    Object.keys(dependencies).map((task) => [
      task,
      tasksBefore(task, { dependencies }),
    ]),
  );
}

function createTaskGraphOfNx(): CreateTaskGraph {
  const nx = internalModule<{ createTaskGraph?: CreateTaskGraph }>(
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may not be there
    () => require('nx/src/tasks-runner/create-task-graph'),
  );
  if (nx?.createTaskGraph) return nx.createTaskGraph;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message:
      'this version of Nx does not tell which tasks an image depends on.',
    hint: 'Use Nx 22.7 to 24, or a newer nx-slipway.',
  });
}
