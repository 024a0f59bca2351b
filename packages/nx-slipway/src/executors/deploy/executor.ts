import type { ExecutorContext } from '@nx/devkit';
import { imagesOnNodes, type Cluster } from '../../cluster';
import { deploySet, planDeploy, type DeploySet } from '../../deploy';
import type { ManifestSet } from '../../manifest';
import { Phases } from '../../report';
import { withBuildSystems } from '../build-systems';
import { kubeconfigFor } from '../custom-build/context';
import { plannerFor } from '../custom-build/planner';
import { assertOptionNames } from '../known-names';
import { openClusterOf } from '../manifest-set/cluster';
import { announcedRegistry } from '../announced-registry';
import { deploySystems } from '../manifest-set/deploy-systems';
import { imagesForJson } from '../manifest-set/images';
import { injectedSet, type InjectedSet } from '../manifest-set/injected-set';
import { readSet } from '../manifest-set/read-set';
import { reportRun } from '../manifest-set/report-run';
import { namespaceOf, setIdOf, setInWords } from '../manifest-set/set-id';
import { runTarget, type TargetRun } from '../run-target';
import { workspaceOf, type Workspace } from '../workspace';
import { assertDeployOrder } from './after';
import { bringToNodes } from './bring-to-nodes';
import { deployOptions } from './options';
import type { DeployExecutorSchema } from './schema';
import schema from './schema.json';

/** One run, from the options on. */
interface DeployRun extends TargetRun {
  readonly options: DeployExecutorSchema;
  readonly context: ExecutorContext;
  readonly workspace: Workspace;
  readonly cluster: Cluster;
}

/**
 * Builds what is missing of a project's images, puts their refs into its
 * manifests, applies these, waits until all is ready (design 2.6).
 */
export default function deploy(
  options: DeployExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const json = options.output === 'json';
  return runTarget(context, { json }, async (tools) => {
    assertOptionNames(options, schema, 'deploy');
    assertDeployOrder(options, context);
    const workspace = workspaceOf(context);
    const id = setIdOf(workspace, context);
    // First: what is broken here needs no cluster to say so.
    const manifests = await readSet(options, workspace, tools);
    const cluster = await openClusterOf(options, workspace, tools);
    const run = { ...tools, options, context, workspace, cluster };
    const phases = new Phases(() => performance.now());
    const { injection, images } = await phases.measure('images', () =>
      withImages(manifests, run),
    );
    const objects = manifests.objects.map((each, index) => ({
      ...each,
      object: injection.objects[index] ?? each.object,
    }));
    tools.tell({ images: imagesForJson(images) });
    const namespace = namespaceOf(options, cluster);
    const result = await phases.measure('deploy', () =>
      apply({ id, namespace, objects }, run),
    );
    tools.reporter.info(`${workspace.projectName}  ${phases.toString()}`);
    return result;
  });
}

/** The manifests with images in them that the cluster can run. */
async function withImages(
  manifests: ManifestSet,
  run: DeployRun,
): Promise<InjectedSet> {
  const { options, context, workspace, cluster, reporter } = run;
  const { root } = context;
  const parts = {
    root,
    env: process.env,
    ...run,
    kubeconfig: await kubeconfigFor(cluster.context, root),
    imagesOnNodes: () => imagesOnNodes(cluster),
  };
  return withBuildSystems(parts, async (systems) => {
    const set = await injectedSet(
      manifests,
      options,
      {
        ...run,
        context,
        workspace,
        systems,
        isOpen: true,
        needsEdges: true,
      },
      plannerFor(announcedRegistry(cluster, reporter)),
    );
    const dir = root;
    await bringToNodes(set.images, options, cluster, { ...systems, dir });
    return set;
  });
}

async function apply(set: DeploySet, run: DeployRun): Promise<object> {
  const { options, context, workspace, cluster, reporter } = run;
  const { context: name } = cluster;
  const { namespace } = set;
  const systems = await deploySystems(cluster, context, run);
  run.tell({ context: name, namespace });
  reporter.info(`deploying ${setInWords(set.id, namespace, cluster)}`);
  const asked = deployOptions(options, cluster.isLocal);
  const title = `${workspace.projectName} in ${namespace} of ${name}`;
  if (options.dryRun) {
    const plan = await reportRun({ ...run, title }, () =>
      planDeploy(set, asked, systems),
    );
    const isRefused = plan.objects.some(({ action }) => action === 'refused');
    return { dryRun: true, success: !isRefused, ...plan };
  }
  const report = await reportRun({ ...run, title }, (onObject) =>
    deploySet(set, asked, { ...systems, onObject }),
  );
  for (const { kind, name: ready, note } of report.ready) {
    if (note) reporter.info(`${kind} ${ready}: ${note}`);
  }
  return report;
}
