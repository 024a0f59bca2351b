import { SlipwayError, nearest } from '../../report';
import { inWords } from '../object-name';
import type { DeployOptions } from '../types';
import { isNamed } from './named';
import type { Target } from './target';

/** @throws SLIPWAY_E_MANIFEST for an object that is there twice */
export function assertNoTwins(targets: readonly Target[]): void {
  const seen = new Map<string, Target>();
  for (const target of targets) {
    const twin = seen.get(target.key);
    if (twin) {
      throw new SlipwayError({
        code: 'SLIPWAY_E_MANIFEST',
        message: `${target.origin}: the ${inWords(target)} is at ${twin.origin}, too.`,
        hint: 'One would undo the other at each deploy. Take one of them out, or choose one of two overlays with the option source.',
      });
    }
    seen.set(target.key, target);
  }
}

/** @throws SLIPWAY_E_OPTION_INVALID for names that no object of the set has */
export function assertOptionsFit(
  targets: readonly Target[],
  { recreate, rerun }: DeployOptions,
): void {
  const jobs = targets.filter(({ groupKind }) => groupKind === 'Job.batch');
  for (const name of rerun) {
    if (jobs.some((job) => job.name === name)) continue;
    throw notInSet(
      'rerun',
      name,
      jobs.map((job) => job.name),
      'Job',
    );
  }
  for (const entry of recreate) {
    if (targets.some((target) => isNamed(target, [entry]))) continue;
    const names = targets.map(
      ({ kind, name }) => `${kind.toLowerCase()}/${name}`,
    );
    throw notInSet('recreate', entry, names, 'object');
  }
}

function notInSet(
  option: string,
  entry: string,
  names: readonly string[],
  what: string,
): SlipwayError {
  const near = nearest(entry, names);
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${option}: the manifests have no ${what} "${entry}".`,
    hint: near
      ? `Is "${near}" meant?`
      : 'It is kind/name in recreate, as in job/migrate, and the name of a Job in rerun.',
  });
}
