import type { ServedPod } from '../../deploy';
import type { KubeObject } from '../../manifest';
import { parseForwardObject, type ForwardObject } from './forward-object';
import type { Forward } from './forwards-of';
import {
  containersOf,
  podFields,
  type ContainerPort,
  type PodFields,
} from './pod-fields';
import {
  selectorOf,
  serviceFields,
  tcpPortsOf,
  type ServiceFields,
} from './service-fields';

/** What a project has in the cluster. */
export interface Served {
  readonly pods: readonly ServedPod[];
  readonly services: readonly KubeObject[];
}

/** Where connections go now. */
export type Destination =
  | {
      readonly namespace: string;
      readonly pod: string;
      readonly uid: string;
      readonly port: number;
    }
  /** There is no pod that is ready. */
  | 'none'
  /** Why there will be none until something is changed. */
  | { readonly wrong: string };

/** The newest pod that is ready, and which of its ports. */
export function destinationOf(forward: Forward, served: Served): Destination {
  const object = parseForwardObject(forward.object);
  const service = serviceOf(object, served);
  const pods = service
    ? selectedBy(service, served)
    : podsOf(object, served.pods);
  const [newest] = pods.filter(({ isReady }) => isReady).sort(newestFirst);
  if (!newest) return 'none';
  const pod = podFields(newest.pod);
  const port = service
    ? portOfService(forward, service, pod)
    : portOfPod(forward, pod);
  if (typeof port === 'string') return { wrong: port };
  const { namespace = '', name, uid = '' } = pod.metadata;
  return { namespace, pod: name, uid, port };
}

function podsOf(
  { kind, name }: ForwardObject,
  pods: readonly ServedPod[],
): ServedPod[] {
  const ownedBy = pods.filter(
    ({ owner }) =>
      owner.name === name &&
      (kind ?? owner.kind.toLowerCase()) === owner.kind.toLowerCase(),
  );
  if (ownedBy.length > 0 || (kind ?? 'pod') !== 'pod') return ownedBy;
  return pods.filter(({ pod }) => pod.metadata.name === name);
}

/** A name alone is a Service's only where nothing that has pods is called so. */
function serviceOf(
  { kind, name }: ForwardObject,
  { services, pods }: Served,
): ServiceFields | undefined {
  if ((kind ?? 'service') !== 'service') return undefined;
  if (!kind && podsOf({ name }, pods).length > 0) return undefined;
  return services
    .map(serviceFields)
    .find(({ metadata }) => metadata.name === name);
}

function selectedBy(service: ServiceFields, { pods }: Served): ServedPod[] {
  const selector = Object.entries(selectorOf(service) ?? {});
  const { namespace } = service.metadata;
  return pods.filter(({ pod: { metadata } }) => {
    const isThere = (namespace ?? metadata.namespace) === metadata.namespace;
    return (
      isThere &&
      selector.length > 0 &&
      selector.every(([key, value]) => metadata.labels?.[key] === value)
    );
  });
}

function newestFirst(one: ServedPod, other: ServedPod): number {
  if (one.isNewest !== other.isNewest) return one.isNewest ? -1 : 1;
  const [a, b] = [one, other].map(({ pod }) => {
    const { creationTimestamp = '', name } = podFields(pod).metadata;
    return `${creationTimestamp} ${name}`;
  }) as [string, string];
  return a > b ? -1 : 1;
}

/** @returns a text if there is no such port */
function portOfService(
  { port: local, containerPort }: Forward,
  service: ServiceFields,
  pod: PodFields,
): number | string {
  const wanted = containerPort ?? local;
  const ports = tcpPortsOf(service);
  const same = ports.find(({ port, name }) => [port, name].includes(wanted));
  const found =
    same ??
    (containerPort === undefined && ports.length === 1 ? ports[0] : undefined);
  if (!found) {
    return `the Service ${service.metadata.name} has no port ${wanted}`;
  }
  const target = found.targetPort ?? found.port;
  return typeof target === 'number' ? target : namedPort(target, pod);
}

/** @returns a text if there is no such port */
function portOfPod(
  { port: local, containerPort }: Forward,
  pod: PodFields,
): number | string {
  if (typeof containerPort === 'number') return containerPort;
  if (containerPort !== undefined) return namedPort(containerPort, pod);
  const declared = portsOf(pod).map((each) => each.containerPort);
  const [only] = declared;
  return declared.length === 1 && only !== undefined ? only : local;
}

function namedPort(name: string, pod: PodFields): number | string {
  const found = portsOf(pod).find((each) => each.name === name);
  return (
    found?.containerPort ??
    `no container of the pod ${pod.metadata.name} has a port named ${name}`
  );
}

function portsOf(pod: PodFields): ContainerPort[] {
  return containersOf(pod)
    .flatMap(({ ports = [] }) => ports)
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP');
}
