import { SlipwayError } from '../../../report';
import { matches, syncOf } from '../../plan';
import type {
  Applied,
  Batch,
  ContainerLink,
  ContainerPlace,
  LiveUpdate,
  Run,
} from '../../types';
import { LIVE_UPDATE } from '../../../settings';
import type { PodObject } from '../pod';

/** A container that runs, with its files: states by path. */
export interface SimulatedContainer {
  readonly id: string;
  readonly image: string;
  readonly files: Map<string, string>;
  /** By the run: when files that trigger it changed last, and when it ran. */
  readonly changedAt: Map<Run, number>;
  readonly ranAt: Map<Run, number>;
  /** Batches that were begun. */
  batches: number;
  busyIn?: number;
}

export interface SimulatedPod {
  readonly name: string;
  readonly uid: string;
  readonly image: string;
  /** What outlives its containers. */
  readonly volume: Map<string, string>;
  isNew: boolean;
  annotation?: string;
  state: 'starting' | 'running' | 'crashLooping' | 'ending';
  container?: SimulatedContainer;
  /** What its kubelet still tells of one that has ended. */
  stale?: { readonly container: SimulatedContainer; readonly until: number };
}

export interface SimulationParts {
  /** A moment in which anything else may happen. */
  readonly pause: () => Promise<void>;
  /** The files of the workspace, as they are now. */
  readonly workspace: ReadonlyMap<string, string>;
  readonly liveUpdate: LiveUpdate;
  /** Milliseconds. */
  readonly now: () => number;
  /** Of the containers that may be given something. */
  readonly image: () => string;
}

/** So long a kubelet does not tell that a container has ended. */
const LAG_MS = 1000;

/** All that stands below it is in the volume of the pod. */
const VOLUME = '/volume/';

/**
 * Pods of one container each, whose files are kept in memory. An exec goes to
 * whatever runs under the names, as that of the API server does.
 */
export class SimulatedPods {
  readonly pods = new Map<string, SimulatedPod>();
  /** What must never happen. */
  readonly violations: string[] = [];
  /** How often a batch fails, from now on. */
  faults = 0;
  isRunBroken = false;
  /** Links that are not closed. */
  openLinks = 0;
  /** By the names of pods. */
  readonly brokenRunsIn = new Set<string>();
  /** Grows when all that has links is killed. */
  era = 0;
  /** Until a batch has reached what runs. */
  dial: () => Promise<void>;
  /** In the midst of it. */
  midway: () => Promise<void>;
  private count = 0;
  private time = 0;

  constructor(private readonly parts: SimulationParts) {
    this.dial = parts.pause;
    this.midway = parts.pause;
  }

  killLinks(): void {
    this.era += 1;
  }

  create(name: string, image: string, annotation?: string): SimulatedPod {
    const uid = `uid-${(this.count += 1)}`;
    const pod: SimulatedPod = {
      ...{ name, uid, image, annotation },
      volume: new Map(),
      isNew: true,
      state: 'starting',
    };
    this.pods.set(name, pod);
    return pod;
  }

  /** @param files of its image */
  start(pod: SimulatedPod, files: ReadonlyMap<string, string>): void {
    pod.state = 'running';
    // As one that is filled of the image when a pod comes.
    for (const [path, state] of pod.isNew ? files : []) {
      if (path.startsWith(VOLUME)) pod.volume.set(path, state);
    }
    pod.isNew = false;
    const own = [...files].filter(([path]) => !path.startsWith(VOLUME));
    pod.container = {
      id: `containerd://${(this.count += 1)}`,
      image: pod.image,
      files: new Map([...own, ...pod.volume]),
      changedAt: new Map(),
      ranAt: new Map(),
      batches: 0,
    };
  }

  stop(pod: SimulatedPod, state: SimulatedPod['state']): void {
    const { container } = pod;
    const until = this.parts.now() + LAG_MS;
    if (container) pod.stale = { container, until };
    pod.state = state;
    pod.container = undefined;
  }

  /** As the API server has them. */
  objects(): PodObject[] {
    return [...this.pods.values()].map((pod) => this.objectOf(pod));
  }

  object(name: string): PodObject | undefined {
    const pod = this.pods.get(name);
    return pod && this.objectOf(pod);
  }

  private objectOf(pod: SimulatedPod): PodObject {
    const { name, uid, image, annotation, state, stale } = pod;
    const isStale = stale && this.parts.now() < stale.until;
    const container = isStale ? stale.container : pod.container;
    const status = {
      name: 'web',
      containerID: container?.id,
      state: container
        ? { running: {} }
        : {
            waiting: {
              reason:
                state === 'crashLooping'
                  ? 'CrashLoopBackOff'
                  : 'ContainerCreating',
            },
          },
    };
    return {
      metadata: {
        ...{ namespace: 'shop', name, uid },
        ...(annotation !== undefined && {
          annotations: { [LIVE_UPDATE]: annotation },
        }),
        ...(state === 'ending' && { deletionTimestamp: 'now' }),
      },
      spec: { containers: [{ name: 'web', image }] },
      status: { phase: 'Running', containerStatuses: [status] },
    } as PodObject;
  }

  link(place: ContainerPlace): ContainerLink {
    let isClosed = false;
    const { era } = this;
    const isOpen = () => !isClosed && era === this.era;
    this.openLinks += 1;
    return {
      close: () => {
        isClosed = true;
        this.openLinks -= 1;
      },
      prepare: () => undefined,
      apply: async (batch) => {
        if (!isOpen()) throw failure('the stream was closed');
        this.assertAllowed(place);
        return this.apply(place, batch, isOpen);
      },
    };
  }

  private assertAllowed({ pod }: ContainerPlace): void {
    const { image, annotation } = this.pods.get(pod) ?? {};
    if (image === undefined || isReused(pod)) return;
    if (image !== this.parts.image()) {
      this.violations.push(`a batch for ${pod} of another image`);
    }
    if (annotation === undefined) {
      this.violations.push(`a batch for ${pod} of which nobody was told`);
    }
  }

  private async apply(
    place: ContainerPlace,
    batch: Batch,
    isOpen: () => boolean,
  ): Promise<Applied> {
    await this.dial();
    if (!isOpen()) throw failure('the stream was closed');
    const { container } = this.pods.get(place.pod) ?? {};
    if (!container) throw failure('there is no such container');
    if (container.busyIn === this.era) {
      this.violations.push('two batches at once');
    }
    const { era } = this;
    container.busyIn = era;
    container.batches += 1;
    try {
      return await this.give(place, container, batch, isOpen);
    } finally {
      if (era === this.era) container.busyIn = undefined;
    }
  }

  private async give(
    { pod }: ContainerPlace,
    container: SimulatedContainer,
    { deletes, writes, runs, restart }: Batch,
    isOpen: () => boolean,
  ): Promise<Applied> {
    const states = new Map<string, string | undefined>();
    const goesOn = async () => {
      await this.midway();
      const isSame = this.pods.get(pod)?.container === container;
      if (!isSame || !isOpen()) throw failure('killed');
      if (this.faults > 0) {
        this.faults -= 1;
        throw failure('broken');
      }
    };
    for (const { path } of deletes) this.clear(pod, container, path);
    await goesOn();
    for (const { path, source } of writes) {
      const state = this.parts.workspace.get(source);
      states.set(path, state);
      if (state !== undefined) this.put(pod, container, path, state);
    }
    const times = { sync: 1, ...(restart && { restart: 1 }) };
    for (const run of runs) {
      const begun = (this.time += 1);
      await goesOn();
      if (this.isRunBroken || this.brokenRunsIn.has(pod)) {
        return { states, times, failedRun: { run, exitCode: 1 } };
      }
      container.ranAt.set(run, begun);
    }
    return { states, times };
  }

  private put(
    pod: string,
    container: SimulatedContainer,
    path: string,
    state: string,
  ): void {
    const above = path.split('/').slice(1, -1);
    above.forEach((_, index) => {
      const folder = `/${above.slice(0, index + 1).join('/')}`;
      if (container.files.has(folder)) this.clear(pod, container, folder);
    });
    const isSame = container.files.get(path) === state;
    if (!isSame) this.clear(pod, container, path);
    container.files.set(path, state);
    this.keep(pod, container);
    if (!isSame) this.changed(container, path);
  }

  private clear(pod: string, container: SimulatedContainer, path: string) {
    for (const each of [...container.files.keys()]) {
      if (each !== path && !each.startsWith(`${path}/`)) continue;
      container.files.delete(each);
      this.changed(container, each);
    }
    this.keep(pod, container);
  }

  private keep(name: string, container: SimulatedContainer): void {
    const { volume } = this.pods.get(name) ?? {};
    volume?.clear();
    for (const [path, state] of container.files) {
      if (path.startsWith(VOLUME)) volume?.set(path, state);
    }
  }

  /** The syncs of the tests have one way back. */
  private changed({ changedAt }: SimulatedContainer, path: string): void {
    const { syncs, runs } = this.parts.liveUpdate;
    const time = (this.time += 1);
    const sync = syncs.find(({ to }) => path.startsWith(`${to}/`));
    if (!sync) return;
    const source = `${sync.from.path}${path.slice(sync.to.length)}`;
    if (syncOf({ syncs }, source) !== sync) return;
    for (const run of runs) {
      const { trigger } = run;
      const isDue = !trigger || trigger.some((rule) => matches(rule, source));
      if (isDue) changedAt.set(run, time);
    }
  }
}

/** Whether others may follow it under its name, as in a StatefulSet. */
export function isReused(name: string): boolean {
  return name.startsWith('set-');
}

function failure(message: string): SlipwayError {
  return new SlipwayError({ code: 'SLIPWAY_E_LIVE_UPDATE', message });
}
