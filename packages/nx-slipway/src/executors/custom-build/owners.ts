import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';
import { canonicalName, referenceIn, type ImageReference } from '../../image';
import { CUSTOM_BUILD } from '../../settings';
import type { CustomBuildExecutorSchema } from './schema';

/** A target that builds an image. */
export interface Owner {
  readonly project: string;
  readonly target: string;
  readonly options: CustomBuildExecutorSchema;
  /** As Nx would hand it to that target's own executor. */
  readonly context: ExecutorContext;
}

/** Every target of the workspace that builds an image. */
export function ownersIn(context: ExecutorContext): Owner[] {
  const { projects } = context.projectsConfigurations;
  return Object.entries(projects).flatMap(([project, { targets = {} }]) =>
    Object.entries(targets)
      .filter(([, { executor }]) => executor === CUSTOM_BUILD)
      .map(([name, target]) => ownerAt(project, name, target, context)),
  );
}

/** With the configuration of this run, where that target has it, as Nx does. */
function ownerAt(
  project: string,
  name: string,
  target: TargetConfiguration,
  context: ExecutorContext,
): Owner {
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
    } as CustomBuildExecutorSchema,
    context: {
      ...context,
      projectName: project,
      targetName: name,
      target,
      configurationName,
    },
  };
}

/** Those of them that build an image of that name, whatever its tag. */
export function ownersNamed(
  name: ImageReference,
  owners: readonly Owner[],
): Owner[] {
  return owners.filter(({ options }) => {
    // What is no name is another's; its own run will say what is wrong.
    const found = referenceIn(options.ref);
    return found && canonicalName(found) === canonicalName(name);
  });
}
