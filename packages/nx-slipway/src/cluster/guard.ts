import { SlipwayError } from '../report';
import { isLocalServer } from './local-address';

/** What is about to be talked to, and what the user has said of it. */
export interface GuardedTarget {
  readonly context: string;
  readonly clusterName: string;
  /** URL of the API server. */
  readonly server: string;
  /**
   * Whether requests go through a proxy. Then the address is the proxy's to
   * make sense of: behind a bastion 10.0.0.1 may be production.
   */
  readonly proxied: boolean;
  /** Whether the user wrote this very context into the option `context`. */
  readonly namedInOption: boolean;
  readonly allowContexts: readonly string[];
}

const NAME = '[A-Za-z0-9][A-Za-z0-9._-]*';

/**
 * How local products name their contexts, whole, and the cluster that each
 * writes beside it; none: the cluster is named as the context is. The list is
 * Tilt's (clusterid/product.go) with OrbStack and Lima, less Krucible, whose
 * clusters were never on the user's machine.
 */
const PRODUCTS: readonly { context: RegExp; cluster?: string }[] = [
  { context: new RegExp(`^kind(?:-${NAME})?$`) },
  { context: new RegExp(`^k3d-${NAME}$`) },
  { context: /^minikube$/ },
  { context: /^docker-desktop$/ },
  { context: /^docker-for-desktop$/, cluster: 'docker-for-desktop-cluster' },
  { context: /^rancher-desktop$/ },
  { context: new RegExp(`^colima(?:-${NAME})?$`) },
  { context: /^orbstack$/ },
  { context: /^microk8s$/, cluster: 'microk8s-cluster' },
  { context: /^crc-(?:admin|developer)$/, cluster: 'api-crc-testing:6443' },
  // What `oc login` writes: NAMESPACE/CLUSTER/USER.
  {
    context: new RegExp(`^${NAME}/api-crc-testing:6443/${NAME}$`),
    cluster: 'api-crc-testing:6443',
  },
  { context: new RegExp(`^lima(?:-${NAME})?$`) },
];

/**
 * Whether a cluster may be talked to: it is a local product's by the name of
 * its context, the name of its cluster and the address of its server, or the
 * user has named the context. Nothing ambient allows: not that it is the
 * current context, nor where its file lies (design 2.4).
 */
export function isAllowed(target: GuardedTarget): boolean {
  return whyNot(target) === undefined;
}

/** Whether it is a local product's, whatever the user has said of it. */
export function isLocal(target: GuardedTarget): boolean {
  return isAllowed({ ...target, namedInOption: false, allowContexts: [] });
}

/** @throws SLIPWAY_E_CONTEXT_NOT_ALLOWED saying how to allow it */
export function assertAllowed(target: GuardedTarget): void {
  const reason = whyNot(target);
  if (reason === undefined) return;
  const { context, server, allowContexts } = target;
  const allowed = JSON.stringify([...allowContexts, context]);
  throw new SlipwayError({
    code: 'SLIPWAY_E_CONTEXT_NOT_ALLOWED',
    message: `the context "${context}" (${server}) may not be used: ${reason}, and nobody has named it.`,
    hint: `If you mean it, write "allowContexts": ${allowed} into the options of nx-slipway in nx.json, or name it in the option context.`,
  });
}

function whyNot(target: GuardedTarget): string | undefined {
  const { context, clusterName, server } = target;
  if (target.namedInOption || target.allowContexts.includes(context)) {
    return undefined;
  }
  const product = PRODUCTS.find((each) => each.context.test(context));
  if (!product) return 'its name is not that of a local cluster';
  if (clusterName !== (product.cluster ?? context)) {
    return `its name is that of a local cluster, but it leads to the cluster "${clusterName}"`;
  }
  if (target.proxied) return 'it is reached through a proxy';
  if (isLocalServer(server)) return undefined;
  return 'its name is that of a local cluster, but its server is not at a loopback or private address';
}
