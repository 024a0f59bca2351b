import type { Registry } from '../image';
import { SlipwayError, oneLine, type Reporter } from '../report';
import { parseRegistry } from '../settings';
import { loadClientNode } from './client-node';
import type { Cluster } from './cluster';
import type { ClusterNode, NodeList } from './nodes';

/** The registry that a cluster says it pulls from. */
export interface DetectedRegistry extends Registry {
  /** Where it says so, for people. */
  readonly source: string;
}

/** `lookup` of node:dns/promises. */
export type Lookup = (
  host: string,
) => Promise<{ readonly address: string; readonly family: number }>;

export interface Detection {
  readonly reporter: Reporter;
  readonly lookup: Lookup;
}

/** A registry as something in the cluster writes it: not to be trusted. */
interface Claim {
  readonly host: unknown;
  readonly hostFromCluster?: unknown;
}

const CONFIG_MAP =
  '/api/v1/namespaces/kube-public/configmaps/local-registry-hosting';
const CONFIG_MAP_NAME = 'the ConfigMap kube-public/local-registry-hosting';
const KEY = 'localRegistryHosting.v1';
/** In characters: it is the URL of a page. */
const MAX_HELP = 200;
const MICROK8S_SERVICE =
  '/api/v1/namespaces/container-registry/services/registry';

/**
 * Asks the cluster where it pulls local images from, in Tilt's order
 * (internal/k8s/registry.go): the ConfigMap of KEP-1755, which k3d, ctlptl and
 * others write; the addon of microk8s; annotations of the first node. What the
 * user may not read is not there; what makes no sense is warned of and passed
 * over.
 * @throws as Cluster.get
 */
export async function detectRegistry(
  cluster: Cluster,
  detection: Detection,
): Promise<DetectedRegistry | undefined> {
  const hosted = await fromConfigMap(cluster, detection);
  if (hosted) return hosted;
  const list = await cluster.getIfPermitted<NodeList>('/api/v1/nodes?limit=1');
  const node = list?.items?.[0];
  return (
    (await fromMicrok8s(cluster, node, detection)) ??
    fromAnnotations(node, detection)
  );
}

/** https://github.com/kubernetes/enhancements/tree/master/keps/sig-cluster-lifecycle/generic/1755-communicating-a-local-registry */
async function fromConfigMap(cluster: Cluster, { reporter }: Detection) {
  const map = await cluster.getIfPermitted<{ data?: Record<string, string> }>(
    CONFIG_MAP,
  );
  const text = map?.data?.[KEY];
  if (text === undefined) return undefined;
  const hosting = await parseHosting(text);
  if (!hosting) {
    reporter.warn(
      `${CONFIG_MAP_NAME} is not used: its ${KEY} is no YAML with a host.`,
    );
    return undefined;
  }
  const { host, hostFromContainerRuntime, help } = hosting;
  if (host === undefined) {
    // Written out, what is no string may have millions of characters.
    if (typeof help === 'string') {
      reporter.warn(
        `the cluster has no registry that it tells of; for how to add one see ${oneLine(help.slice(0, MAX_HELP))}`,
      );
    }
    return undefined;
  }
  const claim = { host, hostFromCluster: hostFromContainerRuntime };
  return accept(claim, CONFIG_MAP_NAME, reporter);
}

interface Hosting {
  readonly host?: unknown;
  /** From pods; images are pulled from outside of them. */
  readonly hostFromClusterNetwork?: unknown;
  readonly hostFromContainerRuntime?: unknown;
  readonly help?: unknown;
}

async function parseHosting(text: string): Promise<Hosting | undefined> {
  const { loadYaml } = await loadClientNode();
  try {
    const hosting: unknown = loadYaml(text);
    const isObject = typeof hosting === 'object' && hosting !== null;
    return isObject && !Array.isArray(hosting) ? hosting : undefined;
  } catch {
    // Whatever is wrong with it, the caller's warning says all of use.
    return undefined;
  }
}

async function fromMicrok8s(
  cluster: Cluster,
  node: ClusterNode | undefined,
  { reporter, lookup }: Detection,
) {
  const { context, clusterName } = cluster;
  if (context !== 'microk8s' && clusterName !== 'microk8s-cluster') {
    return undefined;
  }
  // With Docker the cluster has what is built there.
  const runtime = node?.status?.nodeInfo?.containerRuntimeVersion ?? '';
  if (runtime.startsWith('docker:')) return undefined;
  const service = await cluster.getIfPermitted<{
    spec?: { ports?: readonly { nodePort?: number }[] };
  }>(MICROK8S_SERVICE);
  const port = service?.spec?.ports?.[0]?.nodePort;
  if (!port) return undefined;
  // https://github.com/tilt-dev/tilt/issues/2369
  if (!(await isIpv4(lookup))) {
    reporter.warn(
      'the registry of microk8s is not used: localhost does not resolve to an IPv4 address, where alone it listens. Repair /etc/hosts.',
    );
    return undefined;
  }
  const host = `localhost:${port}`;
  return accept({ host }, 'the registry addon of microk8s', reporter);
}

async function isIpv4(lookup: Lookup): Promise<boolean> {
  try {
    return (await lookup('localhost')).family === 4;
  } catch {
    return false;
  }
}

/** k3d has no annotation of its own: it writes the ConfigMap. */
function fromAnnotations(
  node: ClusterNode | undefined,
  { reporter }: Detection,
) {
  const annotations = node?.metadata?.annotations ?? {};
  const tilt = {
    host: annotations['tilt.dev/registry'],
    hostFromCluster: annotations['tilt.dev/registry-from-cluster'],
  };
  const kind = { host: annotations['kind.x-k8s.io/registry'] };
  return (
    accept(tilt, 'the annotation tilt.dev/registry of a node', reporter) ??
    accept(kind, 'the annotation kind.x-k8s.io/registry of a node', reporter)
  );
}

/** Takes what is said if it is a registry; warns if it is said and is none. */
function accept(
  { host, hostFromCluster }: Claim,
  source: string,
  reporter: Reporter,
): DetectedRegistry | undefined {
  if (host === undefined || host === '') return undefined;
  const option = {
    host: host as string,
    hostFromCluster: (hostFromCluster || host) as string,
  };
  try {
    const registry = parseRegistry(option, `the registry in ${source}`);
    return registry && { ...registry, source };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    reporter.warn(`${source} is not used: ${oneLine(error.message)}`);
    return undefined;
  }
}
