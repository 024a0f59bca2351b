import type { Cluster, KubeAnswer, KubeRequest } from '../../cluster';
import { conflictHint, conflictInWords, fieldConflicts } from '../fields';
import { SlipwayError, oneLine } from '../../report';
import { namespaceError, type Target } from '../desired';
import { inWords } from '../object-name';

interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly kind?: string;
    readonly causes?: readonly Cause[];
  };
}

interface Cause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/**
 * What the kinds say of a field that cannot change. Of StatefulSets, Pods,
 * Services, PersistentVolumeClaims, StorageClasses, RoleBindings, PriorityClasses.
 */
const IMMUTABLE =
  /immutable|updates to \S+( \S+)* (are|is|for fields other than)|may not change|may not be (changed|updated)|cannot change/i;

/** Whether all that the server has against it is that a field cannot change. */
export function isImmutable({ status, body }: KubeAnswer): boolean {
  if (status !== 422) return false;
  const { details, message = '' } = (body ?? {}) as Status;
  const causes = details?.causes ?? [];
  return causes.length === 0
    ? IMMUTABLE.test(message)
    : causes.every((cause) => IMMUTABLE.test(cause.message ?? ''));
}

/** `spec.selector, spec.template`, of an answer that is about fields. */
export function fieldsIn({ body }: KubeAnswer): string {
  const causes = ((body ?? {}) as Status).details?.causes ?? [];
  const fields = causes.map(({ field }) => field).filter(Boolean);
  return [...new Set(fields)].join(', ') || 'a field';
}

/** Why an object was not applied. The message begins with its name. */
export function refusalOf(
  target: Target,
  request: KubeRequest,
  answer: KubeAnswer,
  cluster: Cluster,
): SlipwayError {
  const { status, body } = answer;
  const conflicts = fieldConflicts(body);
  const who = `${inWords(target)} (${target.origin})`;
  if (status === 409 && conflicts.length > 0) {
    return new SlipwayError({
      code: 'SLIPWAY_E_FIELD_CONFLICT',
      message: `${who}: ${conflicts.map(conflictInWords).join(', ')}`,
      hint: conflictHint(conflicts),
    });
  }
  const { message = '' } = (body ?? {}) as Status;
  if (/because it is being terminated/.test(message)) {
    return namespaceError(
      `${who}: the namespace ${target.namespace} is being deleted`,
      'Run it again when it is gone.',
    );
  }
  if (status === 404 && /^namespaces "/.test(message)) {
    return namespaceError(
      `${who}: the namespace ${target.namespace} is not there`,
      `\`kubectl create namespace ${target.namespace}\` makes it; --create-namespace needs the right to.`,
    );
  }
  // What is wrong is in the manifest: of these the server's words are enough.
  const isOfManifest =
    [400, 404, 413, 422].includes(status) ||
    (status === 500 && /typed patch|strict decoding/.test(message));
  if (isOfManifest) {
    return new SlipwayError({
      code: 'SLIPWAY_E_APPLY',
      message: `${who}: ${oneLine(message)}`,
      hint: 'Correct the manifest; `kubectl explain` tells the fields of a kind.',
    });
  }
  const { code, message: said, hint } = cluster.refusal(request, answer);
  return new SlipwayError({ code, message: `${who}: ${said}`, hint });
}
