import { createHash } from 'node:crypto';
import type { KubeObject } from '../../manifest';
import { conditionsOf } from '../conditions';
import type { Target } from '../desired';
import { EMPTY, type Inventory } from '../inventory';
import type { DeployOptions } from '../types';

/** Whether it is a Job that has ended, well or not. */
export function hasEnded(object: KubeObject): boolean {
  return (
    object.kind === 'Job' &&
    conditionsOf(object).some(
      ({ type = '', status }) =>
        ['Complete', 'Failed'].includes(type) && status === 'True',
    )
  );
}

/** Whether it is a Job that was asked to run once more. */
export function isToRunAgain(
  { groupKind, name }: Target,
  { rerun }: DeployOptions,
): boolean {
  return groupKind === 'Job.batch' && rerun.includes(name);
}

/**
 * Whether a Job that is not there was applied as it is, has done its work, and
 * was taken away by its own `ttlSecondsAfterFinished`.
 */
export function hasFinished(
  target: Target,
  { finishedJobs }: Inventory,
): boolean {
  const hash = finishedJobs[jobKey(target)];
  return takesItselfAway(target) && hash === hashOf(target.object);
}

/**
 * What the inventory is to keep of the Jobs that will not be there any more.
 * @param kept of these what it has kept before
 */
export function finishedJobs(
  applied: readonly Target[],
  kept: readonly Target[] = [],
  before: Pick<Inventory, 'finishedJobs'> = EMPTY,
): Readonly<Record<string, string>> {
  const old = kept.map((target) => {
    const key = jobKey(target);
    return [key, before.finishedJobs[key]] as const;
  });
  return Object.fromEntries(
    applied
      .filter(takesItselfAway)
      .map((target) => [jobKey(target), hashOf(target.object)] as const)
      .concat(old.flatMap(([key, hash]) => (hash ? [[key, hash]] : [])))
      .sort(),
  );
}

/** Whether it is a Job that is deleted when it has done its work. */
export function takesItselfAway({ groupKind, object }: Target): boolean {
  const { ttlSecondsAfterFinished } = (object.spec ?? {}) as {
    ttlSecondsAfterFinished?: number;
  };
  return groupKind === 'Job.batch' && ttlSecondsAfterFinished !== undefined;
}

function jobKey({ namespace, name }: Target): string {
  return `${namespace}/${name}`;
}

/** The same whatever order the fields are written in. */
function hashOf(object: KubeObject): string {
  const text = JSON.stringify(object, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (Object.fromEntries(Object.entries(value).sort()) as unknown)
      : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
