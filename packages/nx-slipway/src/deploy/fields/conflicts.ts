/** A field that another manager owns, with another value. */
export interface FieldConflict {
  /** `.spec.replicas` */
  readonly field: string;
  readonly manager: string;
  /** `scale`, of what an autoscaler writes. */
  readonly subresource?: string;
}

interface Cause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** `conflict with "helm" with subresource "scale" using apps/v1 at 2026-...` */
const MESSAGE =
  /^conflict with "((?:[^"\\]|\\.)*)"(?: with subresource "([^"]+)")?/;

/**
 * Of the answer 409 to an apply patch.
 * @returns nothing for a conflict of another kind, of versions
 */
export function fieldConflicts(body: unknown): FieldConflict[] {
  const { details } = (body ?? {}) as {
    details?: { causes?: readonly Cause[] };
  };
  return (details?.causes ?? [])
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message = '', field = '' }) => {
      const [, manager = message, subresource] = MESSAGE.exec(message) ?? [];
      return { field, manager, subresource };
    });
}

/** `.spec.replicas is managed by kube-controller-manager (scale)` */
export function conflictInWords({
  field,
  manager,
  subresource,
}: FieldConflict) {
  return `${field} is managed by ${manager}${subresource ? ` (${subresource})` : ''}`;
}

/** What to do about them; an autoscaler would only set its field again. */
export function conflictHint(conflicts: readonly FieldConflict[]): string {
  const isScaled = conflicts.some(({ subresource }) => subresource === 'scale');
  const takeOut = isScaled
    ? 'An autoscaler, or `kubectl scale`, sets replicas: take replicas out of the manifest.'
    : 'Take the field out of the manifest if it is theirs to set.';
  return `${takeOut} --force-conflicts takes the fields over.`;
}
