import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';

/** A target of the workspace, with the options that its executor would get. */
export interface TargetIn<Options> {
  readonly project: string;
  readonly target: string;
  readonly options: Options;
  /** As Nx would hand it to that target's own executor. */
  readonly context: ExecutorContext;
}

/** All that run an executor, in the configuration of this run. */
export function targetsIn<Options>(
  context: ExecutorContext,
  executor: string,
): TargetIn<Options>[] {
  const { projects } = context.projectsConfigurations;
  return Object.entries(projects).flatMap(([project, { targets = {} }]) =>
    Object.entries(targets)
      .filter(([, target]) => target.executor === executor)
      .map(([name, target]) =>
        targetAt<Options>(project, name, target, context),
      ),
  );
}

/** With the configuration of this run, where that target has it, as Nx does. */
function targetAt<Options>(
  project: string,
  name: string,
  target: TargetConfiguration,
  context: ExecutorContext,
): TargetIn<Options> {
  const asked = context.configurationName;
  const configurationName =
    asked !== undefined && target.configurations?.[asked]
      ? asked
      : target.defaultConfiguration;
  return {
    project,
    target: name,
    options: {
      ...target.options,
      ...target.configurations?.[configurationName ?? ''],
    } as Options,
    context: {
      ...context,
      projectName: project,
      targetName: name,
      target,
      configurationName,
    },
  };
}
