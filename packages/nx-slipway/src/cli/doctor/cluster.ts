import { lookup } from 'node:dns/promises';
import type { OpenCluster } from '../../cluster';
import type { Registry } from '../../image';
import { SlipwayError, type Reporter } from '../../report';
import { ok, warn, type Finding } from './finding';

export interface ClusterCheck {
  readonly options: Omit<OpenCluster, 'namedInOption'>;
  /** Whether --context names it, and not the workspace. */
  readonly isNamed: boolean;
  /** Of --registry or nx.json. */
  readonly explicit: Registry | undefined;
}

/** What a cluster is asked. */
export interface AskedCluster {
  readonly finding: Finding;
  /** That it announces. */
  readonly registry?: Registry & { readonly source: string };
}

/**
 * Asks a cluster that somebody has named. A context that the workspace allows
 * need not be on this machine; one that --context names must.
 * @throws as openCluster and Cluster.version
 */
export async function askCluster(check: ClusterCheck): Promise<AskedCluster> {
  const { options, isNamed } = check;
  const { detectRegistry, openCluster } = await import('../../cluster');
  let isAllowed = true;
  try {
    // Sends nothing yet.
    await openCluster({ ...options, namedInOption: false });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    if (error.code === 'SLIPWAY_E_KUBECONFIG' && !isNamed) {
      const fix = error.hint ?? 'Add it to the kubeconfig.';
      return { finding: warn(error.message, fix) };
    }
    isAllowed = error.code !== 'SLIPWAY_E_CONTEXT_NOT_ALLOWED';
    if (isAllowed) throw error;
  }
  const cluster = await openCluster({ ...options, namedInOption: isNamed });
  const warnings: string[] = [];
  const reporter = recorder(warnings);
  const [version, registry] = await Promise.all([
    cluster.version(),
    detectRegistry(cluster, { reporter, lookup }),
  ]);
  const { context, server } = cluster;
  const standing = isAllowed
    ? 'allowed'
    : 'asked because --context names it; targets must name it in context or allowContexts';
  const detail = `Kubernetes ${version} at ${server}, ${standing}`;
  const finding = ofRegistry(detail, context, registry, check.explicit);
  const [warning] = warnings;
  return {
    registry,
    finding:
      warning === undefined || finding.status === 'warn'
        ? finding
        : warn(`${detail}; ${warning}`, 'Mend what the cluster announces.'),
  };
}

function ofRegistry(
  detail: string,
  context: string,
  announced: Registry | undefined,
  explicit: Registry | undefined,
): Finding {
  if (!announced) return ok(`${detail}; announces no registry`);
  const told = `${detail}; announces ${sides(announced)}`;
  const isSame = !explicit || sides(explicit) === sides(announced);
  return isSame
    ? ok(told)
    : warn(
        `${told}, but the registry in force is ${sides(explicit)}.`,
        `Make them one if ${context} shall pull from it: the option wins.`,
      );
}

function sides({ host, hostFromCluster }: Registry): string {
  return host === hostFromCluster
    ? host
    : `${host} (${hostFromCluster} in the cluster)`;
}

function recorder(warnings: string[]): Reporter {
  return {
    info: () => undefined,
    warn: (line) => void warnings.push(line),
    output: () => undefined,
  };
}
