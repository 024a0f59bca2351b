import type { ExecutorContext } from '@nx/devkit';
import { buildImage } from '../../build';
import { formatReference, type DeployRef } from '../../image';
import { NO_BUILD } from '../../settings';
import { withBuildSystems } from '../build-systems';
import { runTarget, type TargetRun } from '../run-target';
import { workspaceOf } from '../workspace';
import { asTyped } from './as-typed';
import { contextParts } from './context';
import { assertOwnRecord } from './own-record';
import { assertHashed } from './hashed-deps';
import { resolveParents } from './parents';
import { planner } from './planner';
import type { CustomBuildExecutorSchema } from './schema';
import { uncachedReasons } from './uncached';

/**
 * Builds one image (design 2.1-2.3). The deploy ref is the last line of its
 * output, alone.
 */
export default function customBuild(
  options: CustomBuildExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTarget(context, { env: options.env }, async (tools) => {
    const ref = await run(asTyped(options, context), context, tools);
    if (ref) tools.reporter.answer(formatReference(ref.cluster));
  });
}

/** @returns undefined for an image that nothing builds here */
async function run(
  options: CustomBuildExecutorSchema,
  context: ExecutorContext,
  tools: TargetRun,
): Promise<DeployRef | undefined> {
  const { root } = context;
  const planOf = planner(tools);
  const plan = await planOf(options, context);
  if (plan.command === NO_BUILD) {
    tools.reporter.info(
      `command is ":", so nothing builds ${options.ref} here`,
    );
    return undefined;
  }
  assertOwnRecord(options, context);
  assertHashed(context);
  for (const reason of uncachedReasons(context)) {
    tools.reporter.info(`not cached by Nx: ${reason}`);
  }
  const workspace = workspaceOf(context);
  const ofContext =
    options.context &&
    (await contextParts(options.context, { workspace, ...tools }));
  const parts = { root, env: process.env, ...tools, ...ofContext };
  return withBuildSystems(parts, async (systems) => {
    const parents = await resolveParents(plan, {
      context,
      systems,
      planOf,
      secrets: tools.secrets,
    });
    const { deployRef } = await buildImage(plan, parents, systems);
    return deployRef;
  });
}
