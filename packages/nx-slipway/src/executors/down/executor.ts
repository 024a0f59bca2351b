import type { ExecutorContext } from '@nx/devkit';
import { downSet } from '../../deploy';
import { assertOptionNames } from '../known-names';
import { openClusterOf } from '../manifest-set/cluster';
import { namespaceOf, setIdOf, setInWords } from '../manifest-set/set-id';
import { deploySystems } from '../manifest-set/deploy-systems';
import { timeoutOption } from '../manifest-set/options';
import { reportRun } from '../manifest-set/report-run';
import { runTarget } from '../run-target';
import { workspaceOf } from '../workspace';
import { dropDeployed } from './drop-images';
import type { DownExecutorSchema } from './schema';
import schema from './schema.json';

/**
 * Deletes what `deploy` has made of a project, by the inventory in the cluster:
 * the manifests need not be there any more (design 2.6).
 */
export default function down(
  options: DownExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const json = options.output === 'json';
  return runTarget(context, { json }, async (run) => {
    assertOptionNames(options, schema, 'down');
    const { reporter } = run;
    const workspace = workspaceOf(context);
    const id = setIdOf(workspace, context);
    const cluster = await openClusterOf(options, workspace, run);
    const namespace = namespaceOf(options, cluster);
    const { deleteNamespaces = false, deleteData = false } = options;
    const { dryRun = false, takeover = false } = options;
    reporter.info(`taking down ${setInWords(id, namespace, cluster)}`);
    const systems = await deploySystems(cluster, context, run);
    const asked = {
      dryRun,
      deleteNamespaces,
      deleteData,
      takeover,
      timeout: timeoutOption(options),
    };
    run.tell({ context: cluster.context, namespace, dryRun });
    const title = `${workspace.projectName} down in ${namespace} of ${cluster.context}`;
    const report = await reportRun(
      { ...run, options, workspace, title },
      (onObject) => downSet(id, namespace, asked, { ...systems, onObject }),
    );
    if (report.objects.length === 0) {
      reporter.info(
        'another configuration, or another namespace, would be another set',
      );
    }
    if (options.pruneImages && !dryRun) {
      await dropDeployed(report.images, {
        ...run,
        options,
        context,
        workspace,
        cluster,
      });
    }
    return report;
  });
}
