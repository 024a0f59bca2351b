import type { ContainerPlace } from '../types';

/** A pod of the core API, as far as it is looked at here. */
export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

interface PodFields extends PodObject {
  readonly spec?: {
    readonly containers?: readonly ContainerSpec[];
    readonly initContainers?: readonly ContainerSpec[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly restartPolicy?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly state?: {
    readonly running?: unknown;
    readonly waiting?: { readonly reason?: string };
  };
}

/** A container that counts, as its pod tells of it. */
export interface SeenContainer {
  readonly pod: PodObject;
  readonly place: ContainerPlace;
  /** Of the one that runs, as the kubelet started it. None: none runs. */
  readonly id?: string;
  readonly isCrashLooping: boolean;
}

/** Tells pods apart, also those that follow each other under one name. */
export function uidOf({ metadata }: PodObject): string {
  return metadata.uid ?? '';
}

/**
 * The containers whose files are kept: of an image that counts, in a pod that
 * does not end. Sidecars are among them, other init containers and ephemeral
 * ones never.
 */
export function containersIn(
  pod: PodObject,
  isOurs: (image: string) => boolean,
): SeenContainer[] {
  // The API server vouches for the shape of what it stores.
  const { metadata, spec = {}, status = {} } = pod as PodFields;
  const hasEnded = ['Succeeded', 'Failed'].includes(status.phase ?? '');
  if (hasEnded || metadata.deletionTimestamp !== undefined) return [];
  const statuses = new Map(
    [
      ...(status.initContainerStatuses ?? []),
      ...(status.containerStatuses ?? []),
    ].map((each) => [each.name, each]),
  );
  const { name, namespace = '' } = metadata;
  return [
    ...(spec.initContainers ?? []).filter(isSidecar),
    ...(spec.containers ?? []),
  ]
    .filter(({ image = '' }) => isOurs(image))
    .map((container) => {
      const { containerID, state } = statuses.get(container.name) ?? {};
      return {
        pod,
        place: { namespace, pod: name, container: container.name },
        ...(state?.running !== undefined && { id: containerID }),
        isCrashLooping: state?.waiting?.reason === 'CrashLoopBackOff',
      };
    });
}

function isSidecar({ restartPolicy }: ContainerSpec): boolean {
  return restartPolicy === 'Always';
}

/** Whether that very container runs in a pod, as it is now. */
export function isRunning(
  pod: PodObject,
  { pod: was, place, id }: SeenContainer,
) {
  return (
    uidOf(pod) === uidOf(was) &&
    containersIn(pod, () => true).some(
      (each) => each.place.container === place.container && each.id === id,
    )
  );
}

/** `container web of pod shop/web-5d9c` */
export function placeInWords({ namespace, pod, container }: ContainerPlace) {
  return `container ${container} of pod ${namespace}/${pod}`;
}
