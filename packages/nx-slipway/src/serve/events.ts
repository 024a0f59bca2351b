import type { ObjectReport } from '../deploy';

/** What a cycle is of: an image, or the manifests of a project. */
export type Subject =
  | { readonly image: string; readonly project?: undefined }
  | { readonly project: string; readonly image?: undefined };

/** What a cycle goes through, in this order; not each has all. */
export type PhaseName =
  | 'detect'
  | 'prepare'
  | 'build'
  | 'push'
  /** Of a live update: files into containers, commands there, the process anew. */
  | 'sync'
  | 'run'
  | 'restart'
  | 'render'
  | 'apply'
  | 'ready';

export interface PhaseTime {
  readonly name: PhaseName;
  /** Milliseconds. */
  readonly ms: number;
}

/** How a cycle ends. */
export type CycleResult =
  /** The cluster runs it. */
  | 'ready'
  /** It is applied, and was not to be waited for; or no manifest uses it. */
  | 'done'
  /** There was nothing to do: the content is what it was. */
  | 'unchanged'
  | 'failed'
  /** A newer save has taken its place. */
  | 'superseded';

/** An error as data: as it is shown, with no secret in it. */
export interface Fault {
  /** `SLIPWAY_E_...`; none: a defect. */
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
}

export type ImageState =
  /** Looked at for the first time. */
  | 'checking'
  /** For a parent, for a place among the builds, for another process. */
  | 'waiting'
  /** It has changed, and waits for `slipway trigger` or `slipway resume`. */
  | 'changed'
  | 'preparing'
  | 'building'
  /** Files of it are brought into its containers. */
  | 'syncing'
  | 'current'
  | 'failed';

export type ProjectState =
  /** For images without which nothing of it can be applied. */
  | 'waiting'
  | 'changed'
  | 'applying'
  /** Applied, and on its way to ready. */
  | 'progressing'
  | 'ready'
  | 'failed'
  /** Somebody has taken the manifest set: nothing more is written. */
  | 'lost';

/**
 * All that a running serve tells, in the order in which it happens: for people
 * in lines, and with `--output json` as one object a line (docs/serve.md).
 */
export type ServeEvent =
  | StartEvent
  | ChangeEvent
  | StateEvent
  | PhaseEvent
  | CycleEvent
  | LiveUpdateEvent
  | ObjectsEvent
  | BuildOutputEvent
  | LogEvent
  | ClusterEvent
  | DriftEvent
  | PortForwardEvent
  | MessageEvent
  | UpToDateEvent
  | EndEvent;

/** The header. */
export interface StartEvent {
  readonly type: 'start';
  readonly pid: number;
  readonly context: string;
  /** `host[:port]`; none: the images stay in Docker. */
  readonly registry?: string;
  readonly projects: readonly {
    readonly name: string;
    readonly configuration?: string;
    readonly namespace: string;
  }[];
  /** By their names. */
  readonly images: readonly string[];
  readonly trigger: Trigger;
}

export type Trigger = 'auto' | 'manual';

/** Files have changed, in content: a touch is none. */
export interface ChangeEvent {
  readonly type: 'change';
  readonly subjects: readonly Subject[];
  /** The first of them, relative to the workspace root. */
  readonly files: readonly string[];
  /** Of all. */
  readonly count: number;
}

export type StateEvent = {
  readonly type: 'state';
  readonly fault?: Fault;
} & (
  | { readonly image: string; readonly state: ImageState }
  | { readonly project: string; readonly state: ProjectState }
);

export type PhaseEvent = Subject & {
  readonly type: 'phase';
  readonly phase: PhaseName;
  /** None: it begins. Milliseconds. */
  readonly ms?: number;
};

export type CycleEvent = Subject & {
  readonly type: 'cycle';
  readonly result: CycleResult;
  /** From the save to the end. Milliseconds. */
  readonly ms: number;
  readonly phases: readonly PhaseTime[];
  /** The deploy ref, as the cluster sees it. */
  readonly ref?: string;
  /** No image was built: the containers that run were given the files. */
  readonly live?: LiveReport;
  readonly fault?: Fault;
};

export interface LiveReport {
  /** That hold the files now. */
  readonly containers: number;
  /** That were written or deleted, in the one with most of them. */
  readonly files: number;
}

/** Containers that have just started were given what others hold already. */
export interface LiveUpdateEvent extends LiveReport {
  readonly type: 'live-update';
  readonly image: string;
}

/** What was done to the objects of a project. */
export interface ObjectsEvent {
  readonly type: 'objects';
  readonly project: string;
  readonly objects: readonly ObjectReport[];
}

/**
 * Of a build command, of a task that prepares for one, or of a command that a
 * live update runs in a container; scrubbed.
 */
export interface BuildOutputEvent {
  readonly type: 'output';
  readonly image: string;
  readonly phase: 'prepare' | 'build' | 'run';
  readonly stream: 'stdout' | 'stderr';
  /** Without its end. */
  readonly line: string;
}

export interface LogEvent {
  readonly type: 'log';
  readonly project: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly line: string;
}

/** Something that matters and is told by the cluster: a pull that fails, OOM. */
export interface ClusterEvent {
  readonly type: 'event';
  readonly project: string;
  /** `pod/web-5d9c` */
  readonly object: string;
  readonly reason: string;
  readonly message: string;
}

/** Somebody else has changed an object: it is left as it is. */
export interface DriftEvent {
  readonly type: 'drift';
  readonly project: string;
  /** `deployment/web` */
  readonly object: string;
  readonly message: string;
}

export interface PortForwardEvent {
  readonly type: 'port-forward';
  readonly project: string;
  /** `deployment/web` */
  readonly object: string;
  readonly state: 'open' | 'waiting' | 'failed';
  readonly url: string;
  /** Where connections go now. */
  readonly pod?: string;
  readonly message?: string;
}

export interface MessageEvent {
  readonly type: 'message';
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly image?: string;
  readonly project?: string;
}

/** All is as the newest save has it. */
export interface UpToDateEvent {
  readonly type: 'up-to-date';
  /** Since it was not. Milliseconds. */
  readonly ms: number;
}

export interface EndEvent {
  readonly type: 'end';
  readonly reason: 'cancelled' | 'failed';
  readonly fault?: Fault;
}

/** Who is told. */
export type OnEvent = (event: ServeEvent) => void;
