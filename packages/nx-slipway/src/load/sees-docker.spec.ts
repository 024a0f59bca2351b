import type { ClusterNode } from '../cluster';
import { seesDocker, type Sides } from './sees-docker';

/**
 * What nodes and `docker info` tell, put together from what these products
 * document and print: none of them could be run here.
 */
const node = (
  name: string,
  runtime: string,
  kernelVersion: string,
): ClusterNode => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    nodeInfo: { containerRuntimeVersion: runtime, kernelVersion },
  },
});
const docker = (
  machine: string,
  kernelVersion: string,
  operatingSystem: string,
  isContainerdStore = false,
): Sides['docker'] => ({
  machine,
  kernelVersion,
  operatingSystem,
  isContainerdStore,
});
const sees = (
  context: string,
  nodes: Sides['nodes'],
  own: Sides['docker'],
): boolean => seesDocker({ context, nodes, docker: own });

const LAPTOP = docker('laptop', '6.8.0-45-generic', 'Ubuntu 24.04.1 LTS');
const DESKTOP = docker('docker-desktop', '6.10.14-linuxkit', 'Docker Desktop');

describe("the cluster's own Docker", () => {
  it.each<[string, ClusterNode, Sides['docker']]>([
    [
      'minikube',
      node('minikube', 'docker://27.4.1', '6.8.0-45-generic'),
      docker('minikube', '6.8.0-45-generic', 'Ubuntu 22.04.5 LTS'),
    ],
    [
      'docker-desktop',
      node('docker-desktop', 'docker://28.0.1', '6.10.14-linuxkit'),
      DESKTOP,
    ],
    [
      'rancher-desktop',
      node('lima-rancher-desktop', 'docker://26.1.5', '6.6.41-0-virt'),
      docker('lima-rancher-desktop', '6.6.41-0-virt', 'Alpine Linux v3.20'),
    ],
    [
      'colima',
      node('colima', 'docker://27.4.0', '6.8.0-50-generic'),
      docker('colima', '6.8.0-50-generic', 'Ubuntu 24.04.1 LTS'),
    ],
    [
      'orbstack',
      node('orbstack', 'docker://27.4.1', '6.12.9-orbstack'),
      docker('orbstack', '6.12.9-orbstack', 'OrbStack'),
    ],
    [
      'a node of one machine',
      node('buildbox', 'docker://25.0.3', '6.8.0-45-generic'),
      docker('BuildBox', '6.8.0-45-generic', 'Debian GNU/Linux 12'),
    ],
  ])('is seen by %s', (context, one, own) => {
    expect(sees(context, [one], own)).toBe(true);
  });

  it('is that of Docker Desktop for the nodes that kind makes there', () => {
    const nodes = ['desktop-control-plane', 'desktop-worker'].map((name) =>
      node(name, 'containerd://1.7.24', '6.10.14-linuxkit'),
    );
    const store = { ...DESKTOP, isContainerdStore: true };
    expect(sees('docker-desktop', nodes, store)).toBe(true);
    expect(sees('docker-desktop', nodes, DESKTOP)).toBe(false);
    expect(sees('kind-desktop', nodes, store)).toBe(false);
    expect(sees('docker-desktop', nodes, LAPTOP)).toBe(false);
  });
});

describe('another Docker', () => {
  const kernel = LAPTOP.kernelVersion;

  it('is that of the laptop, for minikube without docker-env', () => {
    const nodes = [node('minikube', 'docker://27.4.1', kernel)];
    expect(sees('minikube', nodes, LAPTOP)).toBe(false);
  });

  it('is seen by no containerd, even on one machine', () => {
    const nodes = [node('laptop', 'containerd://1.7.24', kernel)];
    expect(sees('k3s', nodes, LAPTOP)).toBe(false);
  });

  it('is on one of several nodes', () => {
    const nodes = ['minikube', 'minikube-m02'].map((name) =>
      node(name, 'docker://27.4.1', kernel),
    );
    const own = docker('minikube', kernel, 'Ubuntu 22.04.5 LTS');
    expect(sees('minikube', nodes, own)).toBe(false);
  });

  it('is on a machine that happens to have the same name', () => {
    const nodes = [node('laptop', 'docker://27.4.1', '5.15.0-1')];
    expect(sees('far-away', nodes, LAPTOP)).toBe(false);
  });

  it('is every one where nobody may list nodes, or there are none', () => {
    expect(sees('prod', undefined, LAPTOP)).toBe(false);
    expect(sees('prod', [], LAPTOP)).toBe(false);
    const nameless = node('', 'docker://27.4.1', '');
    expect(sees('prod', [nameless], docker('', '', ''))).toBe(false);
  });
});
