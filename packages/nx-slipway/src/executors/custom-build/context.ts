import { lookup } from 'node:dns/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { detectRegistry, openCluster } from '../../cluster';
import type { Registry } from '../../image';
import type { Reporter, Secrets } from '../../report';
import { kubeconfigPath, replaceFile } from '../../state';
import type { Workspace } from '../workspace';

interface ContextParts {
  readonly workspace: Workspace;
  readonly reporter: Reporter;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
}

/**
 * The registry that the cluster of the option `context` announces. Asked only
 * where nobody has written a registry down.
 */
export async function registryOfContext(
  context: string,
  { workspace, reporter, secrets, signal }: ContextParts,
): Promise<Registry | undefined> {
  const cluster = await openCluster({
    context,
    namedInOption: true,
    allowContexts: workspace.options.allowContexts,
    env: process.env,
    homedir: homedir(),
    signal,
    onSecret: (value) => secrets.add(value),
  });
  const found = await detectRegistry(cluster, { reporter, lookup });
  reporter.info(
    found
      ? `registry ${found.host}, announced by ${found.source} of ${context}`
      : `no registry: ${context} announces none, and no option names one`,
  );
  return found;
}

/**
 * A KUBECONFIG with which kubectl and its kin use `context`, whatever is
 * current in another terminal: of several files, the first that says what is
 * current wins. No credential is copied.
 */
export async function kubeconfigFor(
  context: string,
  root: string,
): Promise<string> {
  const file = kubeconfigPath(root, context);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
  };
  await replaceFile(file, `${JSON.stringify(config)}\n`);
  const own = process.env.KUBECONFIG || join(homedir(), '.kube', 'config');
  return [file, own].join(delimiter);
}
