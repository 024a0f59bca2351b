import type { Answer } from './send';

/** The words of kube-aggregator. */
const AGGREGATED = /^service unavailable\s*$|error trying to reach service/;

/**
 * Whether the API asked for is served by another than the API server, which
 * does not answer: it may stay away for weeks.
 */
export function isAway({ status, text }: Pick<Answer, 'status' | 'text'>) {
  return status === 503 && AGGREGATED.test(text);
}
