import { difference, unionAll, type FieldSet } from './field-set';
import { removeFields } from './remove-fields';

/** One entry of `metadata.managedFields`. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  readonly apiVersion?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: FieldSet;
}

/** An object, as far as it says who manages what of it. */
export interface Managed {
  readonly metadata: { readonly managedFields?: readonly ManagedFields[] };
}

export const MANAGER = 'nx-slipway';

/** Those whose sets move over to us: what they own becomes ours, once. */
const PREDECESSORS = [
  'kubectl-client-side-apply',
  // Of `kubectl apply --server-side`, for the annotation last-applied alone.
  'kubectl-last-applied',
  'tilt',
];

export function isPredecessor(manager: string | undefined): boolean {
  return manager !== undefined && PREDECESSORS.includes(manager);
}

/**
 * The managedFields of an object after what `kubectl apply` and Tilt own in it
 * has become ours. Applying then removes of it what is not applied, as
 * client-go's csaupgrade has it.
 * @returns undefined if they own nothing
 */
export function takenOver(
  entries: readonly ManagedFields[],
): ManagedFields[] | undefined {
  const theirs = entries.filter(isTheirs);
  const [first] = theirs;
  if (!first) return undefined;
  const ours = entries.find(isOurs);
  // Field sets of two versions cannot be one; of others only the claim goes.
  const { apiVersion } = ours ?? first;
  const merged = [...(ours ? [ours] : []), ...theirs]
    .filter((entry) => entry.apiVersion === apiVersion)
    .map(({ fieldsV1 = {} }) => fieldsV1);
  const entry: ManagedFields = {
    ...(ours ?? first),
    manager: MANAGER,
    operation: 'Apply',
    fieldsV1: unionAll(merged),
  };
  return [entry, ...entries.filter((each) => !isTheirs(each) && !isOurs(each))];
}

/**
 * An object as it was applied in a dry run, less what applying would remove if
 * what its predecessors own were ours already, which no dry run can show.
 * @param before the entries as they were
 */
export function withoutTheirs<T extends Managed>(
  applied: T,
  before: readonly ManagedFields[],
): T {
  const kept = (applied.metadata.managedFields ?? [])
    .filter((entry) => !isTheirs(entry))
    .map(({ fieldsV1 = {} }) => fieldsV1);
  const theirs = before.filter(isTheirs).map(({ fieldsV1 = {} }) => fieldsV1);
  const left = difference(unionAll(theirs), unionAll(kept));
  return left ? (removeFields(applied, left) as T) : applied;
}

/** All fields that are ours, or become so: the rest is not for us to change. */
export function ownFields(...states: readonly Managed[]): FieldSet {
  const entries = states.flatMap(
    ({ metadata: { managedFields = [] } }) => managedFields,
  );
  return unionAll(
    entries
      .filter((entry) => isOurs(entry) || isTheirs(entry))
      .map(({ fieldsV1 = {} }) => fieldsV1),
  );
}

/** What we have applied of an object. */
export function ourEntry({
  metadata: { managedFields = [] },
}: Managed): ManagedFields | undefined {
  return managedFields.find(isOurs);
}

function isTheirs({ manager, subresource }: ManagedFields): boolean {
  return isPredecessor(manager) && !subresource;
}

function isOurs({ manager, operation, subresource }: ManagedFields): boolean {
  return manager === MANAGER && operation === 'Apply' && !subresource;
}
