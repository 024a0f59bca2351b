import { Serving, type ServedSetId } from './serving';
import type {
  ServeDeployOptions,
  ServeDeploySystems,
  ServedSet,
} from './types';

export type { ServedSetId } from './serving';
export type {
  AppliedSet,
  Drift,
  ServeDeployOptions,
  ServeDeploySystems,
  ServedObject,
  ServedOwner,
  ServedPod,
  ServedSet,
} from './types';

/** Nothing is sent yet: the first pass takes the set, and looks at it. */
export function openServedSet(
  set: ServedSetId,
  options: ServeDeployOptions,
  systems: ServeDeploySystems,
): Promise<ServedSet> {
  return Promise.resolve(new Serving(set, options, systems));
}
