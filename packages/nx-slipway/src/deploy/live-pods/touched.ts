import type { Target } from '../desired';
import { makesPods, type LiveObject } from '../live';
import { tookLiveUpdate } from '../live-update';
import { newestPods, podsOf, type Related } from '../readiness';
import type { ObjectReport } from '../types';
import { wayOf } from './way';

/** What there is of pods, and of what makes them, in a namespace. */
export type RelatedIn = (namespace: string | undefined) => Related;

/** A workload whose pods are to be replaced. */
export interface Touched {
  readonly target: Target;
  /** As it is in the cluster. */
  readonly live: LiveObject;
  /** Those that are to go. */
  readonly pods: readonly LiveObject[];
  /** All that it has. */
  readonly all: readonly LiveObject[];
}

/**
 * Those of its newest template that took a live update: older ones go by
 * themselves.
 * @param report what was done to it: what rolls anyhow is not looked at
 * @returns undefined: there is none
 */
export function touchedOf(
  target: Target,
  live: LiveObject,
  { action, rolls }: ObjectReport,
  relatedIn: RelatedIn,
): Touched | undefined {
  const isKept = action === 'unchanged' || action === 'changed';
  if (!makesPods(target.groupKind) || !isKept || rolls) return undefined;
  const related = relatedIn(target.namespace);
  const pods = newestPods(live, related).filter(tookLiveUpdate);
  if (pods.length === 0) return undefined;
  return { target, live, pods, all: podsOf(live, related) };
}

/** Of an object whose pods are replaced, or would be. */
export function touchedReport(
  report: ObjectReport,
  { target, live, pods }: Touched,
): ObjectReport {
  const took = tookInWords(pods);
  const before = report.reason === undefined ? [] : [report.reason];
  return wayOf(target, live) === 'none'
    ? { ...report, reason: [...before, `${took}; ${STAY}`].join('; ') }
    : {
        ...report,
        action: 'changed',
        reason: [...before, took].join('; '),
        rolls: true,
      };
}

/** Of Jobs. */
export const STAY = 'what has run is not run again for that';

export function tookInWords({ length }: readonly unknown[]): string {
  return `${length === 1 ? '1 pod' : `${length} pods`} took live updates`;
}
