import type { ManifestObject } from '../../manifest';
import type { SlipwayError } from '../../report';
import type { LiveObject } from '../live';
import type { ReadyReport } from '../readiness';
import type { DeployOptions, DeploySystems, ObjectReport } from '../types';

/** One object of a served set. */
export interface ServedObject {
  /** With images in it. */
  readonly manifest: ManifestObject;
  /**
   * It belongs to the set, and cannot be applied now: an image of it is missing.
   * It is neither sent nor pruned; whatever is in the cluster stays.
   */
  readonly isBlocked: boolean;
}

export interface AppliedSet {
  /** What was done; of what is as it was only after a full pass. */
  readonly objects: readonly ObjectReport[];
  /** Whether all was looked at, or only what has changed was sent. */
  readonly pass: 'full' | 'quick';
  /**
   * Until what was applied is ready, and what earlier passes left unready. What
   * is given up early is of the newest pass, unless all of that is ready.
   * @param signal ends this wait alone
   * @param timeoutMs from now
   * @throws SLIPWAY_E_NOT_READY, SLIPWAY_E_CANCELLED, and as Cluster.request
   */
  ready(signal: AbortSignal, timeoutMs: number): Promise<ReadyReport>;
}

/** A manifest set that is held, and applied again and again. */
export interface ServedSet {
  /**
   * Takes the set ahead of the first pass, if its namespace is there.
   * @throws SLIPWAY_E_SET_BUSY, and as Cluster.request
   */
  claim(): Promise<void>;
  /**
   * Brings the cluster to these objects, one call after the other. Once begun it
   * is ended by the signal of the systems alone. After one that has failed the
   * next looks at everything.
   * @throws as deploySet; SLIPWAY_E_SET_BUSY once the set is lost
   */
  apply(objects: readonly ServedObject[]): Promise<AppliedSet>;
  /**
   * Tells of the pods of the set's objects, now and after every change.
   * @returns what ends it
   */
  followPods(onPods: (pods: readonly ServedPod[]) => void): () => void;
  /**
   * Asks for new pods in the place of these, by what their owners are: a rollout
   * of all that its owner has, or they are deleted; a pod of a manifest is made
   * anew, a Job's stays, which is told. The next `ready` waits for what comes.
   * @returns when it has been asked for; of a pod of a manifest, when it is there
   * @throws SLIPWAY_E_SET_BUSY, SLIPWAY_E_IMMUTABLE for a pod of a manifest where
   *   nothing is deleted without being told; and as Cluster.request
   */
  replacePods(pods: readonly ServedPod[]): Promise<void>;
  /**
   * Tells of the cluster's events about the set's objects and what these have
   * made: of what comes from now on, and again when it comes once more.
   * @returns what ends it
   */
  followEvents(onEvent: (event: LiveObject) => void): () => void;
  /**
   * Lets the set go and ends all watches; the cluster stays as it is. It takes
   * 1.5 s at most, whether or not the cluster answers.
   */
  close(): Promise<void>;
}

export interface ServedPod {
  readonly pod: LiveObject;
  /** The object of the set that it belongs to. */
  readonly owner: ServedOwner;
  /**
   * Whether it is of the newest template of its owner. While a change has not
   * been seen by its controller, no pod is.
   */
  readonly isNewest: boolean;
  /** Whether it serves, and is not being deleted. */
  readonly isReady: boolean;
}

export interface ServedOwner {
  readonly apiVersion: string;
  readonly kind: string;
  /** None: cluster-scoped. */
  readonly namespace?: string;
  readonly name: string;
}

/** What somebody else has done to an object of the set. */
export interface Drift extends ServedOwner {
  /** `kubectl-edit changed spec.replicas from 1 to 3`, `it was deleted` */
  readonly message: string;
}

/** A serve has no Jobs that run again, and waits when it is asked to. */
export type ServeDeployOptions = Omit<DeployOptions, 'wait' | 'rerun'>;

export interface ServeDeploySystems extends DeploySystems {
  /** Told once of each change. It stays until the object changes here, too. */
  readonly onDrift: (drift: Drift) => void;
  /** Somebody has taken the set: nothing is written any more. Told once. */
  readonly onLost: (error: SlipwayError) => void;
}
