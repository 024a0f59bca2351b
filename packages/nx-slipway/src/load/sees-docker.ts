import type { ClusterNode } from '../cluster';
import type { DockerInfo } from '../docker';
import { isReady, nameOf } from './lacking';

/** What the decision rests on, as the two systems tell it. */
export interface Sides {
  readonly context: string;
  /** Undefined: the user may not list them. */
  readonly nodes: readonly ClusterNode[] | undefined;
  readonly docker: Pick<
    DockerInfo,
    'machine' | 'kernelVersion' | 'operatingSystem' | 'isContainerdStore'
  >;
}

/**
 * Whether pods run from the very store that this Docker has its images in, so
 * that nothing is to be brought anywhere: minikube after `docker-env`, Docker
 * Desktop, Rancher Desktop with moby, colima, OrbStack, any node with
 * cri-dockerd that is asked by its own Docker. No list of products: a node is
 * that machine if its runtime is Docker and both sides tell the same host name
 * and kernel.
 */
export function seesDocker(sides: Sides): boolean {
  const nodes = sides.nodes?.filter(isReady) ?? [];
  if (nodes.length === 0) return false;
  return (
    nodes.every((node) => isMachineOf(node, sides.docker)) ||
    isDockerDesktopKind(nodes, sides)
  );
}

function isMachineOf(node: ClusterNode, docker: Sides['docker']): boolean {
  const { containerRuntimeVersion = '', kernelVersion } =
    node.status?.nodeInfo ?? {};
  // What kubelet names itself by is the host's name in lower case.
  const host = node.metadata?.labels?.['kubernetes.io/hostname'];
  const names = [host, nameOf(node)].map((name) => name?.toLowerCase());
  return (
    containerRuntimeVersion.startsWith('docker://') &&
    docker.machine !== '' &&
    names.includes(docker.machine.toLowerCase()) &&
    docker.kernelVersion === kernelVersion
  );
}

/**
 * Docker Desktop's clusters of several nodes, made by kind, run containerd, and
 * pull through a mirror from the images that Docker keeps in its containerd
 * store (docs.docker.com/desktop/features/kubernetes).
 */
function isDockerDesktopKind(
  nodes: readonly ClusterNode[],
  { context, docker }: Sides,
): boolean {
  return (
    context === 'docker-desktop' &&
    docker.operatingSystem === 'Docker Desktop' &&
    docker.isContainerdStore &&
    nodes.every((node) => nameOf(node).startsWith('desktop-'))
  );
}
