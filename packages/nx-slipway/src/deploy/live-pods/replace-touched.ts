import type { ApplyContext, Outcome } from '../apply';
import { inParallel } from '../in-parallel';
import { replacePods, type Renewed } from './replace-pods';
import { touchedOf, touchedReport, type RelatedIn } from './touched';

export interface ReplaceTouched {
  readonly relatedIn: RelatedIn;
  /** Told of each workload that gets new pods. */
  readonly onRenewed: (renewed: Renewed) => void;
}

/**
 * Replaces the pods of what was applied that took a live update (design 2.8).
 * @returns the outcomes, with that in their reports
 * @throws SLIPWAY_E_SET_BUSY, and as Cluster.request
 */
export function replaceTouched(
  outcomes: readonly Outcome[],
  { relatedIn, onRenewed }: ReplaceTouched,
  context: ApplyContext,
): Promise<Outcome[]> {
  return inParallel(outcomes, async (outcome) => {
    const { target, object, report } = outcome;
    const touched = object && touchedOf(target, object, report, relatedIn);
    if (!touched) return outcome;
    const renewed = await replacePods(touched, context);
    if (renewed) onRenewed(renewed);
    const told = touchedReport(report, touched);
    context.systems.onObject?.(told);
    return { ...outcome, report: told };
  });
}
