import type { SlipwayError } from '../../report';
import type { Target } from '../desired';
import { diffOf, isPredecessor, keepFields, ownFields } from '../fields';
import type { LiveObject } from '../live';
import { PART_OF } from '../inventory';
import type { ObjectAction, ObjectReport } from '../types';

/** What has come of one target. */
export interface Outcome {
  readonly target: Target;
  readonly report: ObjectReport;
  /** As the server has it now. None: it was not applied. */
  readonly object?: LiveObject;
  /** Why it was not. */
  readonly error?: SlipwayError;
}

export function reportOf(
  {
    object,
    kind,
    namespace,
    name,
  }: Pick<Target, 'object' | 'kind' | 'namespace' | 'name'>,
  action: ObjectAction,
  rest: Partial<ObjectReport> = {},
): ObjectReport {
  const { apiVersion } = object;
  return {
    action,
    apiVersion,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    ...rest,
  };
}

export function refused(target: Target, error: SlipwayError): Outcome {
  const reason = error.message;
  return { target, report: reportOf(target, 'refused', { reason }), error };
}

/** What applying has done to an object, told by what it was before. */
export function changeReport(
  target: Target,
  before: LiveObject | undefined,
  after: LiveObject,
): ObjectReport {
  if (!before || before.metadata.uid !== after.metadata.uid) {
    return reportOf(target, 'created');
  }
  const from = predecessorsOf(before);
  const isNew = before.metadata.labels?.[PART_OF] === undefined;
  // Controllers write meanwhile, too.
  const fields = ownFields(before, after);
  const ours = (object: LiveObject) => ({
    kind: target.kind,
    ...(keepFields(unlabelled(object), fields) as object),
    // What is applied as stringData stands in data, which nobody owns then.
    ...(target.groupKind === 'Secret' && { data: object.data }),
  });
  const { diff, moreChanges } = diffOf(ours(before), ours(after));
  if (diff.length === 0 && from.length === 0 && !isNew) {
    return reportOf(target, 'unchanged');
  }
  const reason =
    from.length > 0
      ? `taken over from ${from.join(', ')}`
      : isNew
        ? 'it was there, and is of this set now'
        : undefined;
  return reportOf(target, 'changed', {
    ...(reason !== undefined && { reason }),
    ...(diff.length > 0 && { diff }),
    ...(moreChanges > 0 && { moreChanges }),
    ...rolling(target, before, after),
  });
}

function predecessorsOf({ metadata }: LiveObject): string[] {
  const names = (metadata.managedFields ?? [])
    .filter(({ subresource }) => !subresource)
    .flatMap(({ manager = '' }) => (isPredecessor(manager) ? [manager] : []));
  return [...new Set(names)];
}

/** Our own label is no change that anybody has written. */
function unlabelled(object: LiveObject): LiveObject {
  const { labels = {}, ...metadata } = object.metadata;
  const { [PART_OF]: _, ...others } = labels;
  const isEmpty = Object.keys(others).length === 0;
  return {
    ...object,
    metadata: { ...metadata, ...(!isEmpty && { labels: others }) },
  };
}

const ROLLED = ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'];

/** Whether its pods are replaced; with OnDelete whoever deletes them does it. */
function rolling(
  { groupKind }: Target,
  before: LiveObject,
  after: LiveObject,
): { rolls?: true } {
  const { template, updateStrategy } = (after.spec ?? {}) as WorkloadSpec;
  const { template: old } = (before.spec ?? {}) as WorkloadSpec;
  const isRolled =
    ROLLED.includes(groupKind) &&
    updateStrategy?.type !== 'OnDelete' &&
    diffOf({ template: old }, { template }).diff.length > 0;
  return isRolled ? { rolls: true } : {};
}

interface WorkloadSpec {
  readonly template?: unknown;
  readonly updateStrategy?: { readonly type?: string };
}
