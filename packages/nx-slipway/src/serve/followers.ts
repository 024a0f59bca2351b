import type { Cluster } from '../cluster';
import type { ServedPod, ServedSet } from '../deploy';
import type { KubeObject } from '../manifest';
import type { OnEvent } from './events';
import {
  ClusterEvents,
  PodLogs,
  PortForwards,
  type ForwardsOption,
  type LogsOption,
} from './follow';
import type { PortForwardStatus } from './status';

export interface FollowersParts {
  readonly project: string;
  readonly set: Pick<ServedSet, 'followPods' | 'followEvents'>;
  readonly cluster: Cluster;
  readonly logs: LogsOption;
  /** As the option says now. */
  readonly portForwards: () => ForwardsOption;
  readonly emit: OnEvent;
  readonly onPods: (pods: readonly ServedPod[]) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

/** What is followed of a project once it is in the cluster. */
export class Followers {
  private readonly logs: PodLogs;
  private readonly events: ClusterEvents;
  private readonly forwards: PortForwards;
  private readonly ends: (() => void)[] = [];
  private pods: readonly ServedPod[] = [];
  private services: readonly KubeObject[] = [];
  private option: ForwardsOption = false;

  constructor(private readonly parts: FollowersParts) {
    const { project, cluster, logs, emit: onEvent, now } = parts;
    this.logs = new PodLogs({ project, cluster, logs, onEvent });
    this.events = new ClusterEvents({ project, onEvent, now });
    this.forwards = new PortForwards({ project, cluster, onEvent });
  }

  get portForwards(): readonly PortForwardStatus[] {
    return this.forwards.status;
  }

  /** The objects of the project, as they have just been applied. */
  applied(objects: readonly KubeObject[]): void {
    this.services = objects.filter(
      ({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Service',
    );
    this.option = this.parts.portForwards();
    if (this.ends.length === 0) this.begin();
    else this.forward();
  }

  /** Options may be others than before. @throws as they do */
  optionsRead(): void {
    this.option = this.parts.portForwards();
    if (this.ends.length > 0) this.forward();
  }

  async close(): Promise<void> {
    for (const end of this.ends) end();
    await Promise.all([this.logs.close(), this.forwards.close()]);
  }

  private begin(): void {
    const { set } = this.parts;
    this.ends.push(
      set.followPods((pods) => {
        this.pods = pods;
        this.parts.onPods(pods);
        this.logs.update(pods);
        this.events.update(pods);
        this.forward();
      }),
      set.followEvents((event) => this.events.add(event)),
    );
  }

  private forward(): void {
    const { option, pods, services } = this;
    this.forwards.update(option, { pods, services });
  }
}
