import type { KubeObject } from '../../manifest';

/** A pod of a served set, as deploy/ tells of it. */
export interface ServedPod {
  readonly pod: KubeObject;
  /** The object of the set that it belongs to. */
  readonly owner: ServedOwner;
  /** Whether it is of the newest template of its owner. */
  readonly isNewest: boolean;
  /** Whether it serves, and is not being deleted. */
  readonly isReady: boolean;
}

export interface ServedOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}
