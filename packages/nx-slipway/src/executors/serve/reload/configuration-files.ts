import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';

const OF_A_PROJECT = ['project.json', 'package.json'];

/**
 * The files that say which targets these projects have, there or not: absolute,
 * each once.
 * @param projects by their names; strangers are left out
 */
export function configurationFiles(
  { root, projectsConfigurations }: ExecutorContext,
  projects: readonly string[],
): string[] {
  const folders = projects.flatMap(
    (name) => projectsConfigurations.projects[name]?.root ?? [],
  );
  const files = [
    join(root, 'nx.json'),
    ...['.', ...folders].flatMap((folder) =>
      OF_A_PROJECT.map((name) => join(root, folder, name)),
    ),
  ];
  return [...new Set(files)];
}
