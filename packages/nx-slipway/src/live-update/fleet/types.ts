import type { SlipwayError } from '../../report';
import type { States } from '../plan';
import type {
  ContainerLink,
  ContainerPlace,
  Content,
  FailedRun,
  LiveUpdate,
} from '../types';
import type { Notes } from './notes';
import type { PodObject } from './pod';

/** What all containers of an image are to hold. */
export interface Desired {
  /**
   * The pod spec's `image` of the containers that count: exactly this text, or
   * (images that nobody builds) any for which it holds.
   */
  readonly isOurs: (image: string) => boolean;
  /** Tells one standing image from another. */
  readonly generation: string;
  readonly liveUpdate: LiveUpdate;
  /** What containers of the image hold from the start. */
  readonly base: States;
  readonly content: Content;
  /** Of a live update without syncs, whose runs follow files. */
  readonly followed?: Followed;
}

/** Files that are brought nowhere, by their paths below the workspace root. */
export interface Followed {
  /** As they were when the image was built. */
  readonly base: ReadonlyMap<string, string>;
  readonly now: ReadonlyMap<string, string>;
}

/** Keeps all containers of one image as is desired. */
export interface Fleet {
  /** The pods of one manifest set, as they are now. */
  setPods(set: string, pods: readonly PodObject[]): void;
  /**
   * Has all containers hold it: those that are there now, and those that come.
   * @returns when each that is there holds it, or what came after it; has failed;
   *   or has ended
   * @throws SLIPWAY_E_CANCELLED once it is closed
   */
  hold(desired: Desired): Promise<Held>;
  /**
   * No container is worked on until the next hold: what stands is being
   * replaced. What has begun is done to its end, and holds end as they are.
   */
  rest(): void;
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>;
}

/** What became of a hold. */
export interface Held {
  /** That hold it. */
  readonly containers: number;
  /** That were written or deleted, of the container with most. */
  readonly files: number;
  /** Milliseconds, of the slowest container. */
  readonly times: Times;
  readonly failedRuns: readonly FailedIn[];
  /** Why an image must be built. */
  readonly needsBuild?: NeedsBuild;
  /** All held it already. */
  readonly isNothing: boolean;
}

export interface Times {
  readonly sync: number;
  readonly run?: number;
  readonly restart?: number;
}

export interface FailedIn {
  readonly place: ContainerPlace;
  readonly failed: FailedRun;
}

export interface NeedsBuild {
  /** `container web of pod shop/web-5d9c is in CrashLoopBackOff` */
  readonly why: string;
  /** That of what could not be done. */
  readonly error?: SlipwayError;
  readonly place: ContainerPlace;
}

export interface FleetParts {
  readonly openLink: (place: ContainerPlace) => ContainerLink;
  /**
   * The pod as the API server has it now.
   * @returns undefined: it is gone
   */
  readonly readPod: (place: ContainerPlace) => Promise<PodObject | undefined>;
  /** Tells everybody that a pod holds other files than its image. */
  readonly annotate: (pod: PodObject, value: string) => Promise<void>;
  /**
   * Who writes the notes: the machine and the workspace, the same for all images
   * of a pod. Letters and digits.
   */
  readonly writer: string;
  /**
   * Containers that came later, or started again, were given what is desired, or
   * could not be.
   */
  readonly onLater: (held: Held) => void;
  /** Nobody knows what it holds: it is left alone. Told once of each. */
  readonly onStranger: (pod: PodObject) => void;
  readonly notes: Notes;
  readonly clock: FleetClock;
  readonly signal: AbortSignal;
  readonly say: { warn(line: string): void };
}

export interface FleetClock {
  /** Milliseconds that only grow. */
  now(): number;
  /**
   * Runs `action` once, after so many milliseconds.
   * @returns what takes it back
   */
  after(ms: number, action: () => void): () => void;
}
