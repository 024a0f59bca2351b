import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  readJsonFile,
  type ExecutorContext,
  type TargetConfiguration,
} from '@nx/devkit';
import { targetDefaultsOf } from './target-defaults';

type Options = Record<string, unknown>;
type Target = Pick<TargetConfiguration<Options>, 'options' | 'configurations'>;
interface ProjectFile {
  targets?: Record<string, Target>;
}

/**
 * The options as the user wrote them. Nx takes `{workspaceRoot}/` off every
 * option while it makes the project graph, and an executor's context holds
 * nothing but that graph (run on 23.2.1), so they are read where they stand:
 * nx.json's targetDefaults, package.json, project.json, the later winning.
 */
export function rawOptions(context: ExecutorContext): Options {
  const { root, projectName = '', targetName = '' } = context;
  const project = context.projectsConfigurations.projects[projectName];
  const folder = join(root, project?.root ?? '');
  const packageJson = readIfThere<{ nx?: ProjectFile }>(
    join(folder, 'package.json'),
  );
  const projectJson = readIfThere<ProjectFile>(join(folder, 'project.json'));
  const targets = [
    ...defaultsOf(context),
    packageJson?.nx?.targets?.[targetName],
    projectJson?.targets?.[targetName],
  ];
  const configuration = context.configurationName ?? '';
  return Object.assign(
    {},
    ...targets.map((target) => target?.options),
    ...targets.map(
      (target) =>
        target?.configurations?.[configuration] as Options | undefined,
    ),
  ) as Options;
}

function defaultsOf({
  projectName = '',
  targetName = '',
  target,
  projectsConfigurations,
  nxJsonConfiguration: { targetDefaults },
}: ExecutorContext) {
  const project = projectsConfigurations.projects[projectName];
  if (!project || !targetDefaults) return [];
  const { executor } = target ?? {};
  const of = { ...project, name: projectName, targetName, executor };
  return targetDefaultsOf(of, targetDefaults);
}

function readIfThere<T extends object>(path: string): T | undefined {
  return existsSync(path) ? readJsonFile<T>(path) : undefined;
}
