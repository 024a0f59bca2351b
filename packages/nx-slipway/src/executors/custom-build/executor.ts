import type { ExecutorContext } from '@nx/devkit';
import { buildImage, type BuildPlan } from '../../build';
import { packageInfo } from '../../cli';
import { formatReference, type DeployRef } from '../../image';
import { Secrets, formatError, scrub, type Reporter } from '../../report';
import { withBuildSystems } from '../build-systems';
import { withCancellation } from '../cancellation';
import { consoleReporter } from '../console-reporter';
import { workspaceOf } from '../workspace';
import { asTyped } from './as-typed';
import {
  imagesOfContext,
  kubeconfigFor,
  openContext,
  registryOfContext,
} from './context';
import { planBuild, registryOption } from './options';
import { assertOwnRecord } from './own-record';
import { resolveParents } from './parents';
import type { CustomBuildExecutorSchema } from './schema';

/** Tilt's word for an image that is only live-updated: nothing is built. */
const NO_BUILD = ':';

/**
 * Builds one image (design 2.1-2.3). The deploy ref is the last line of its
 * output, alone.
 */
export default async function customBuild(
  options: CustomBuildExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const secrets = new Secrets({ ...process.env, ...options.env });
  const reporter = consoleReporter(secrets);
  try {
    const ref = await withCancellation((signal, kill) =>
      run(asTyped(options, context), context, {
        secrets,
        reporter,
        signal,
        kill,
      }),
    );
    if (ref) reporter.answer(formatReference(ref.cluster));
    return { success: true };
  } catch (error) {
    const verbose =
      context.isVerbose || process.env.NX_VERBOSE_LOGGING === 'true';
    process.stderr.write(
      `${scrub(formatError(error, verbose), secrets.all)}\n`,
    );
    return { success: false };
  }
}

interface Run {
  readonly secrets: Secrets;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
}

/** @returns undefined for an image that nothing builds here */
async function run(
  options: CustomBuildExecutorSchema,
  context: ExecutorContext,
  tools: Run,
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
  const ofContext =
    options.context && (await clusterParts(options.context, context, tools));
  const parts = { root, env: process.env, ...tools, ...ofContext };
  return withBuildSystems(parts, async (systems) => {
    const parents = await resolveParents(plan, context, systems, planOf);
    const { deployRef } = await buildImage(plan, parents, systems);
    return deployRef;
  });
}

async function clusterParts(name: string, context: ExecutorContext, run: Run) {
  const parts = { workspace: workspaceOf(context), ...run };
  return {
    kubeconfig: await kubeconfigFor(name, context.root),
    imagesOnNodes: () => imagesOfContext(name, parts),
  };
}

/** Plans builds, of this target and of those it builds on, asking each context once. */
function planner({ secrets, reporter, signal }: Run) {
  const asked = new Map<string, ReturnType<typeof registryOfContext>>();
  return async (
    options: CustomBuildExecutorSchema,
    context: ExecutorContext,
  ): Promise<BuildPlan> => {
    const workspace = workspaceOf(context);
    const here = {
      platform: process.platform,
      arch: process.arch,
      env: process.env,
      pluginVersion: packageInfo().version,
    };
    const parts = { workspace, reporter, secrets, signal };
    const { context: name } = options;
    if (name === undefined) return planBuild(options, workspace, here);
    const written = registryOption(options, workspace);
    if (written || options.registry !== undefined) {
      // Nothing is asked of it, but a context that is none is told of now.
      await openContext(name, parts);
      const where = options.registry === undefined ? 'nx.json' : 'the option';
      reporter.info(
        `registry ${written?.host ?? 'none'}, as ${where} says; ${name} is not asked for one`,
      );
      return planBuild(options, workspace, here);
    }
    const answer = asked.get(name) ?? registryOfContext(name, parts);
    asked.set(name, answer);
    return planBuild(options, workspace, here, await answer);
  };
}
