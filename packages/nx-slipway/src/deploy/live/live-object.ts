import type { KubeObject } from '../../manifest';

/** An object as it is in the cluster. */
export interface LiveObject extends KubeObject {
  readonly metadata: KubeObject['metadata'] & {
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly unknown[];
    readonly managedFields?: readonly unknown[];
  };
}
