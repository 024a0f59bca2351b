import type { Fault, ImageState, ProjectState, Trigger } from './events';

/** How a running serve stands: what `slipway status --json` prints. */
export interface ServeStatus {
  readonly schema: 1;
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly context: string;
  readonly trigger: Trigger;
  /** Nothing is built or applied until `slipway resume`. */
  readonly isPaused: boolean;
  /** Whether all is as the newest save has it. */
  readonly isUpToDate: boolean;
  readonly images: readonly ImageStatus[];
  readonly projects: readonly ProjectStatus[];
  readonly portForwards: readonly PortForwardStatus[];
}

export interface ImageStatus {
  readonly name: string;
  readonly state: ImageState;
  /** RFC 3339: of the state. */
  readonly since: string;
  /** The deploy ref of the last good build, as the cluster sees it. */
  readonly ref?: string;
  readonly fault?: Fault;
}

export interface ProjectStatus {
  readonly name: string;
  readonly configuration?: string;
  readonly namespace: string;
  readonly state: ProjectState;
  readonly since: string;
  readonly fault?: Fault;
}

export interface PortForwardStatus {
  readonly project: string;
  /** `deployment/web` */
  readonly object: string;
  readonly url: string;
  readonly pod?: string;
}

/** What others may ask of a running serve. */
export interface ServeControls {
  status(): ServeStatus;
  /**
   * Builds and applies what has changed and waits; of one image, also if it has
   * not changed.
   * @param image as in `ref`; none: all that waits
   * @throws SLIPWAY_E_USAGE for an image that is not served
   */
  trigger(image?: string): void;
  pause(): void;
  resume(): void;
}
