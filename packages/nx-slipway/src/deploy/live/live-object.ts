import type { KubeObject } from '../../manifest';
import type { Managed } from '../fields';

/** An object as it is in the cluster. */
export interface LiveObject extends KubeObject {
  readonly metadata: KubeObject['metadata'] &
    Managed['metadata'] & {
      readonly uid?: string;
      readonly resourceVersion?: string;
      readonly generation?: number;
      readonly deletionTimestamp?: string;
      readonly ownerReferences?: readonly OwnerReference[];
    };
}

interface OwnerReference {
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly controller?: boolean;
}
