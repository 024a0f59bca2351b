import type { ExecutorContext } from '@nx/devkit';
import { buildImage } from '../../build';
import { connectDocker } from '../../docker';
import { formatReference } from '../../image';
import { connectRegistry } from '../../registry';
import { formatError, scrub, secretsOf } from '../../report';
import { withCancellation } from '../cancellation';
import { consoleReporter } from '../console-reporter';
import { pluginVersion } from '../plugin-version';
import { workspaceOf } from '../workspace';
import { planBuild } from './options';
import type { CustomBuildExecutorSchema } from './schema';

/**
 * Builds one image (design 2.1-2.3). The deploy ref is the last line of its
 * output, alone.
 */
export default async function customBuild(
  options: CustomBuildExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const secrets = secretsOf({ ...process.env, ...options.env });
  const reporter = consoleReporter(secrets);
  try {
    const { deployRef } = await withCancellation(async (signal) => {
      const plan = planBuild(options, workspaceOf(context), {
        platform: process.platform,
        arch: process.arch,
        env: process.env,
        pluginVersion: pluginVersion(),
      });
      const docker = connectDocker(process.env);
      try {
        return await buildImage(plan, {
          docker,
          connectRegistry,
          env: process.env,
          now: () => performance.now(),
          reporter,
          signal,
        });
      } finally {
        docker.close();
      }
    });
    reporter.info(formatReference(deployRef.cluster));
    return { success: true };
  } catch (error) {
    const verbose =
      context.isVerbose || process.env.NX_VERBOSE_LOGGING === 'true';
    process.stderr.write(`${scrub(formatError(error, verbose), secrets)}\n`);
    return { success: false };
  }
}
