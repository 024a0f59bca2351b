import type { ExecutorContext } from '@nx/devkit';
import type { BuildPlan } from '../../build';
import { packageInfo } from '../../tool';
import type { Registry } from '../../image';
import type { Reporter, Secrets } from '../../report';
import { workspaceOf } from '../workspace';
import { openContext, registryOfContext } from './context';
import { planBuild, registryOption } from './options';
import type { CustomBuildExecutorSchema } from './schema';

export type PlanOf = (
  options: CustomBuildExecutorSchema,
  context: ExecutorContext,
) => Promise<BuildPlan>;

export interface PlannerParts {
  readonly secrets: Secrets;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** The machine and the package, as far as a plan depends on them. */
const here = () => ({
  platform: process.platform,
  arch: process.arch,
  env: process.env,
  pluginVersion: packageInfo().version,
});

/** Plans builds, of this target and of those it builds on, asking each context once. */
export function planner({ secrets, reporter, signal }: PlannerParts): PlanOf {
  const asked = new Map<string, ReturnType<typeof registryOfContext>>();
  return async (options, context) => {
    const workspace = workspaceOf(context);
    const parts = { workspace, reporter, secrets, signal };
    const { context: name } = options;
    if (name === undefined) return planBuild(options, workspace, here());
    const written = registryOption(options, workspace);
    if (written || options.registry !== undefined) {
      // Nothing is asked of it, but a context that is none is told of now.
      await openContext(name, parts);
      const where = options.registry === undefined ? 'nx.json' : 'the option';
      reporter.info(
        `registry ${written?.host ?? 'none'}, as ${where} says; ${name} is not asked for one`,
      );
      return planBuild(options, workspace, here());
    }
    const answer = asked.get(name) ?? registryOfContext(name, parts);
    asked.set(name, answer);
    return planBuild(options, workspace, here(), await answer);
  };
}

/**
 * Plans builds for one cluster, whatever contexts their own options name.
 * @param detect asks that cluster for its registry; called where nobody has
 *   written one down
 */
export function plannerFor(
  detect: () => Promise<Registry | undefined>,
): PlanOf {
  return async (options, context) => {
    const workspace = workspaceOf(context);
    const isWritten =
      options.registry !== undefined || registryOption(options, workspace);
    const detected = isWritten ? undefined : await detect();
    return planBuild(options, workspace, here(), detected);
  };
}
