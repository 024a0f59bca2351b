import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter } from 'node:path';
import {
  IN_CLUSTER,
  imagesOnNodes,
  kubeconfigPaths,
  openCluster,
  type Cluster,
} from '../../cluster';
import type { Registry } from '../../image';
import type { Reporter, Secrets } from '../../report';
import { kubeconfigPath, replaceFile } from '../../state';
import { announcedRegistry } from '../announced-registry';
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
  parts: ContextParts,
): Promise<Registry | undefined> {
  const cluster = await openContext(context, parts);
  return announcedRegistry(cluster, parts.reporter)();
}

/** Which images the nodes of the option `context` say they have. */
async function imagesOfContext(
  context: string,
  parts: ContextParts,
): Promise<readonly string[]> {
  return imagesOnNodes(await openContext(context, parts));
}

/** What a build's systems have of the option `context`. */
export async function contextParts(name: string, parts: ContextParts) {
  return {
    kubeconfig: await kubeconfigFor(name, parts.workspace.root),
    imagesOnNodes: () => imagesOfContext(name, parts),
  };
}

/** @throws SLIPWAY_E_KUBECONFIG if there is no such context; asks it nothing */
export function openContext(
  context: string,
  { workspace, secrets, signal }: ContextParts,
): Promise<Cluster> {
  return openCluster({
    context,
    // The user wrote it into the option, or onto the command line.
    namedInOption: true,
    allowContexts: workspace.options.allowContexts,
    env: process.env,
    homedir: homedir(),
    signal,
    onSecret: (value) => secrets.add(value),
  });
}

/**
 * A KUBECONFIG with which kubectl and its kin use `context`, whatever is
 * current in another terminal: of several files, the first that says what is
 * current wins. No credential is copied. All paths are absolute, for the
 * command may run in another folder.
 * @returns undefined in a pod, whose account needs none
 */
export async function kubeconfigFor(
  context: string,
  root: string,
): Promise<string | undefined> {
  const own = kubeconfigPaths({ env: process.env, homedir: homedir() });
  const isInPod = context === IN_CLUSTER;
  if (isInPod && !own.some((path) => existsSync(path))) return undefined;
  const file = kubeconfigPath(root, context);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
  };
  await replaceFile(file, `${JSON.stringify(config)}\n`);
  return [file, ...own].join(delimiter);
}
