import { homedir } from 'node:os';
import { openCluster, type Cluster } from '../../cluster';
import type { Reporter } from '../../report';
import type { TargetRun } from '../run-target';
import type { Workspace } from '../workspace';

/**
 * The cluster that a set is deployed to: the context of the option, else the
 * current one as it is now, if it may be used.
 * @throws SLIPWAY_E_KUBECONFIG, SLIPWAY_E_CONTEXT_NOT_ALLOWED
 */
export function openClusterOf(
  { context }: { readonly context?: string },
  workspace: Workspace,
  {
    secrets,
    signal,
    reporter,
  }: Pick<TargetRun, 'secrets' | 'signal'> & { readonly reporter: Reporter },
): Promise<Cluster> {
  return openCluster({
    context,
    namedInOption: context !== undefined,
    allowContexts: workspace.options.allowContexts,
    env: process.env,
    homedir: homedir(),
    signal,
    reporter,
    onSecret: (value) => secrets.add(value),
  });
}
