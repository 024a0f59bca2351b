import { difference, intersects, type FieldSet } from './field-set';
import { ourEntry, type Managed } from './take-over';

/**
 * What of an object was ours when it was applied, and is not any more.
 * @returns undefined if all of it still is
 */
export function lostFields(
  applied: Managed,
  now: Managed,
): FieldSet | undefined {
  const before = ourEntry(applied)?.fieldsV1;
  return before && difference(before, ourEntry(now)?.fieldsV1 ?? {});
}

/**
 * Who manages any of these fields, `kubectl-edit`, `kubectl (scale)`; nobody, of
 * fields that are gone.
 */
export function holdersOf(
  fields: FieldSet,
  { metadata: { managedFields = [] } }: Managed,
): string[] {
  const names = managedFields
    .filter(({ fieldsV1 }) => fieldsV1 && intersects(fields, fieldsV1))
    .map(
      ({ manager = 'somebody', subresource }) =>
        `${manager}${subresource ? ` (${subresource})` : ''}`,
    );
  return [...new Set(names)];
}
