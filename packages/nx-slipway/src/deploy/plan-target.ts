import { isSuccess, resourcePath, type KubeRequest } from '../cluster';
import {
  applyRequest,
  changeReport,
  immutableError,
  isImmutable,
  isToRunAgain,
  mayRecreate,
  notAnewError,
  refusalOf,
  reportOf,
  type ApplyContext,
} from './apply';
import type { Target } from './desired';
import {
  fieldConflicts,
  isPredecessor,
  takenOver,
  withoutTheirs,
} from './fields';
import type { LiveObject } from './live';
import type { ObjectReport } from './types';

type PlanContext = Omit<ApplyContext, 'held'>;

/**
 * What would come of an object, by a dry run of the server, which knows
 * defaults, policies, conflicts and what cannot change.
 * @throws as Cluster.request
 */
export async function planTarget(
  target: Target,
  live: LiveObject | undefined,
  context: PlanContext,
): Promise<ObjectReport> {
  const { options, systems } = context;
  const { cluster } = systems;
  if (live?.metadata.deletionTimestamp !== undefined) {
    return reportOf(target, 'created', {
      reason: 'the one that is there is being deleted',
    });
  }
  if (live && isToRunAgain(target, options)) {
    return reportOf(target, 'recreated', { reason: 'it is to run again' });
  }
  const why = live && context.whyAnew?.(target, live);
  if (live && why !== undefined) {
    return mayRecreate(target, live, context)
      ? reportOf(target, 'recreated', { reason: why })
      : reportOf(target, 'refused', {
          reason: notAnewError(target, why).message,
        });
  }
  const force = options.forceConflicts;
  let request = applyRequest(target, { force, dryRun: true });
  let answer = await cluster.request(request);
  const conflicts = fieldConflicts(answer.body);
  const isOurs = conflicts.every(({ manager }) => isPredecessor(manager));
  if (answer.status === 409 && conflicts.length > 0 && isOurs) {
    request = applyRequest(target, { force: true, dryRun: true });
    answer = await cluster.request(request);
  }
  if (isSuccess(answer)) {
    const applied = answer.body as LiveObject;
    const after = live
      ? await takenOverIn(target, live, applied, context)
      : applied;
    return explained(changeReport(target, live, after));
  }
  if (live && isImmutable(answer)) {
    return mayRecreate(target, live, context)
      ? reportOf(target, 'recreated', {
          reason: 'what changed in it cannot be changed in place',
        })
      : reportOf(target, 'refused', {
          reason: immutableError(target, answer).message,
        });
  }
  if (isUntriable(answer.body)) {
    return reportOf(target, live ? 'changed' : 'created', {
      reason: 'perhaps: a webhook of the cluster allows no dry run',
    });
  }
  const { message } = refusalOf(target, request, answer, cluster);
  return reportOf(target, 'refused', { reason: message });
}

/**
 * No dry run shows that fields go with their owners. So these are taken out
 * here, and the server is asked what it would make of the rest: defaults that
 * they had owned come back.
 */
async function takenOverIn(
  { resource, namespace, name }: Target,
  live: LiveObject,
  applied: LiveObject,
  { systems: { cluster } }: PlanContext,
): Promise<LiveObject> {
  const entries = live.metadata.managedFields ?? [];
  if (!takenOver(entries)) return applied;
  const rest = withoutTheirs(applied, entries);
  const { managedFields: _, ...metadata } = rest.metadata;
  const left = { ...rest, metadata };
  const request: KubeRequest = {
    method: 'PATCH',
    path: `${resourcePath(resource, { namespace, name })}?dryRun=All`,
    contentType: 'application/json-patch+json',
    body: replacing(live, left),
  };
  const answer = await cluster.request(request);
  const result = isSuccess(answer) ? (answer.body as LiveObject) : left;
  // Of the first dry run: there our fields are ours.
  const { managedFields } = applied.metadata;
  return { ...result, metadata: { ...result.metadata, managedFields } };
}

/** A patch that makes one object of another, but for what the server keeps. */
function replacing(from: LiveObject, to: LiveObject) {
  const parts = (object: LiveObject): Record<string, unknown> => {
    const { metadata, apiVersion: _, kind: __, status: ___, ...rest } = object;
    const { labels, annotations } = metadata;
    return {
      ...Object.fromEntries(
        Object.entries(rest).map(([name, value]) => [`/${name}`, value]),
      ),
      ...(labels && { '/metadata/labels': labels }),
      ...(annotations && { '/metadata/annotations': annotations }),
    };
  };
  const [before, after] = [parts(from), parts(to)];
  return [
    ...Object.entries(after).map(([path, value]) => ({
      op: 'add',
      path,
      value,
    })),
    ...Object.keys(before)
      .filter((path) => !(path in after))
      .map((path) => ({ op: 'remove', path })),
  ];
}

/** Says of a roll why pods are replaced, where a field goes that nobody set here. */
function explained(report: ObjectReport): ObjectReport {
  if (!report.rolls) return report;
  const leaving = (report.diff ?? [])
    .filter(
      ({ path, to }) => path.startsWith('spec.template.') && to === undefined,
    )
    .map(({ path }) => path.slice('spec.template.'.length));
  if (leaving.length === 0) return report;
  const { reason } = report;
  const why = `${leaving.join(', ')} leaves its pod template`;
  return { ...report, reason: reason ? `${reason}; ${why}` : why };
}

function isUntriable(body: unknown): boolean {
  const { message = '' } = (body ?? {}) as { message?: string };
  return /does not support dry run/.test(message);
}
