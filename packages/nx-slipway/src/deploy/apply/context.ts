import type { Target } from '../desired';
import type { FieldConflict } from '../fields';
import type { HeldSet } from '../lease';
import type { LiveObject } from '../live';
import type { DeployOptions, DeploySystems } from '../types';

/** What the parts of one deploy share. */
export interface ApplyContext {
  readonly options: DeployOptions;
  readonly systems: DeploySystems;
  readonly held: HeldSet;
  /** Whether it is a local product's cluster. */
  readonly isLocal: boolean;
  /** Whether an object is made anew though it has not changed: why. */
  readonly whyAnew?: (target: Target, live: LiveObject) => string | undefined;
  /** Whether fields are taken from others though it was not asked for. */
  readonly overrules?: (
    target: Target,
    conflicts: readonly FieldConflict[],
  ) => boolean;
}
