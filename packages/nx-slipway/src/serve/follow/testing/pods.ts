import type { ServedPod } from '../../../deploy';

export interface GivenPod {
  readonly name?: string;
  readonly uid?: string;
  /** Of its Deployment. */
  readonly owner?: string;
  readonly ownerKind?: string;
  /** Which template it is made of. */
  readonly hash?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly createdAt?: string;
  readonly isEnding?: boolean;
  readonly isNewest?: boolean;
  readonly isReady?: boolean;
  readonly image?: string;
  readonly ports?: readonly object[];
  /** Of its one container `main`. */
  readonly state?: object;
  readonly lastState?: object;
  readonly id?: string;
  readonly status?: object;
}

/** A pod of a Deployment in the namespace shop. */
export function servedPod(given: GivenPod = {}): ServedPod {
  const { name = 'web-1', uid = name, owner = 'web', hash = 'a' } = given;
  const { isNewest = true, isReady = true, ownerKind = 'Deployment' } = given;
  return {
    owner: {
      apiVersion: 'apps/v1',
      kind: ownerKind,
      namespace: 'shop',
      name: owner,
    },
    isNewest,
    isReady,
    pod: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...{ name, namespace: 'shop', uid },
        labels: { 'pod-template-hash': hash, ...given.labels },
        creationTimestamp: given.createdAt ?? '2026-01-01T00:00:00Z',
        ...(given.isEnding && { deletionTimestamp: '2026-01-01T00:01:00Z' }),
      },
      spec: {
        containers: [
          { name: 'main', image: given.image ?? 'web:1', ports: given.ports },
        ],
      },
      status: {
        ...given.status,
        containerStatuses: [
          {
            name: 'main',
            containerID: given.id ?? `id-of-${uid}`,
            state: given.state ?? { running: {} },
            lastState: given.lastState ?? {},
          },
        ],
      },
    },
  };
}

export const waiting = (reason: string, message = `why ${reason}`) => ({
  waiting: { reason, message },
});

export const ended = (exitCode: number, id: string, reason = 'Error') => ({
  terminated: { exitCode, reason, containerID: id, finishedAt: id },
});
