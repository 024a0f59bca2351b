import type { Task } from '@nx/devkit';

type Target = Pick<Task['target'], 'project' | 'target'>;

/** What is to be run, of one configuration. */
export interface Wanted {
  readonly tasks: readonly Target[];
  /** Whether a project has a target that is none of these, nor runs with them. */
  readonly isOther: (one: Target) => boolean;
  readonly configuration?: string;
}

/**
 * The arguments of Nx for these tasks: once, if no other task would come of all
 * their targets in all their projects, else once for each target. Sync
 * generators stay out of it: without a terminal Nx ends where one would write.
 */
export function nxArguments({
  tasks,
  isOther,
  configuration,
}: Wanted): string[][] {
  const targets = unique(tasks.map(({ target }) => target));
  const projects = unique(tasks.map(({ project }) => project));
  const isExact = targets.every((target) =>
    projects.every((project) => !isOther({ project, target })),
  );
  const runs = isExact
    ? [{ targets, projects }]
    : targets.map((target) => ({
        targets: [target],
        projects: tasks
          .filter((task) => task.target === target)
          .map(({ project }) => project),
      }));
  return runs.map((run) => [
    'run-many',
    `--targets=${run.targets.join(',')}`,
    `--projects=${run.projects.join(',')}`,
    ...(configuration === undefined
      ? []
      : [`--configuration=${configuration}`]),
    '--output-style=stream',
    '--nx-bail=false',
    '--skip-sync',
  ]);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
