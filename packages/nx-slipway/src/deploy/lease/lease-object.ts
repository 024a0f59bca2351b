import {
  isSuccess,
  type Cluster,
  type KubeAnswer,
  type KubeRequest,
} from '../../cluster';
import type { KubeObject } from '../../manifest';

export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  /** By the clock of the holder's machine: nobody else compares with it. */
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export interface LeasePlace {
  readonly name: string;
  readonly namespace: string;
}

const GROUP_VERSION = 'coordination.k8s.io/v1';

/** One Lease in a cluster: the requests, and nothing of what they are for. */
export class LeaseStore {
  private readonly path: string;

  constructor(
    private readonly cluster: Cluster,
    private readonly place: LeasePlace,
  ) {
    const namespace = encodeURIComponent(place.namespace);
    this.path = `/apis/${GROUP_VERSION}/namespaces/${namespace}/leases`;
  }

  /** @returns undefined if there is none. @throws as Cluster.request */
  async read(): Promise<Lease | undefined> {
    return this.cluster.get<Lease>(`${this.path}/${this.place.name}`);
  }

  /**
   * Writes it over what was read; none was: makes it.
   * @returns undefined if somebody else was faster
   * @throws as Cluster.request
   */
  async write(
    before: Lease | undefined,
    spec: LeaseSpec,
    how: Pick<KubeRequest, 'afterCancel' | 'patience' | 'deadline'> = {},
  ): Promise<Lease | undefined> {
    const body = {
      apiVersion: GROUP_VERSION,
      kind: 'Lease',
      metadata: before?.metadata ?? { ...this.place },
      spec,
    };
    const request = before
      ? { method: 'PUT' as const, path: `${this.path}/${this.place.name}` }
      : { method: 'POST' as const, path: this.path };
    const sent = { ...request, ...how, body };
    const answer = await this.cluster.request(sent);
    if (isOvertaken(answer)) return undefined;
    if (!isSuccess(answer)) throw this.cluster.refusal(sent, answer);
    return answer.body as Lease;
  }

  /**
   * What was read, and not what somebody else has made of it since.
   * @throws as Cluster.request
   */
  async remove({ metadata: { uid, resourceVersion } }: Lease): Promise<void> {
    const request = {
      method: 'DELETE' as const,
      path: `${this.path}/${this.place.name}`,
      body: { preconditions: { uid, resourceVersion } },
      afterCancel: true,
    };
    const answer = await this.cluster.request(request);
    if (isOvertaken(answer) || isSuccess(answer)) return;
    throw this.cluster.refusal(request, answer);
  }
}

/** It was changed, made or deleted since it was read. */
function isOvertaken({ status }: KubeAnswer): boolean {
  return status === 409 || status === 404;
}
