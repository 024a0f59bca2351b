import type { Cluster } from '../../cluster';
import { SlipwayError, formatDuration } from '../../report';
import { inWords } from '../object-name';
import type { Assessment } from './assess';
import { detailsOf } from './details';
import type { Waiting } from './expected';
import { stateOf, type PodTrouble } from './pod-trouble';

/** What an object waits for, on one line. */
export function lineOf(
  { expected: { applied }, live, verdict, trouble }: Waiting,
  assessment: Assessment,
): string {
  const { name, namespace } = applied.metadata;
  const what = inWords({ kind: applied.kind, name, namespace });
  if (trouble) {
    const { pod, container, reason } = trouble;
    const where = container === undefined ? '' : `, container ${container}`;
    return `${what}: pod ${pod.metadata.name}${where}: ${reason}`;
  }
  const [state] = assessment.pods(live).flatMap((pod) => {
    const found = stateOf(pod);
    return found ? [`; pod ${pod.metadata.name}: ${found.words}`] : [];
  });
  return `${what}: ${verdict.reason ?? 'not ready'}${state ?? ''}`;
}

/** @param timeout milliseconds that are over; none: they cannot become ready */
export async function notReady(
  told: readonly Waiting[],
  of: number,
  timeout: number | undefined,
  assessment: Assessment,
  cluster: Cluster,
): Promise<SlipwayError> {
  const parts = await Promise.all(
    told.map(async (each) => {
      const about = each.live ?? each.expected.applied;
      const trouble = each.trouble ?? quietTrouble(each, assessment);
      const details = await detailsOf(about, trouble, cluster);
      return [lineOf(each, assessment), ...details.map((line) => `  ${line}`)];
    }),
  );
  const lines = parts.flat().map((line) => `  ${line}`);
  const how =
    timeout === undefined
      ? 'cannot become ready'
      : `not ready after ${formatDuration(timeout)}`;
  const hint =
    timeout === undefined
      ? 'Mend the cause and deploy again.'
      : '`--timeout` waits longer, `--no-wait` not at all.';
  return new SlipwayError({
    code: 'SLIPWAY_E_NOT_READY',
    message: `${told.length} of ${of} objects ${how}:\n${lines.join('\n')}`,
    hint: `All is applied, and nothing was pruned. ${hint}`,
  });
}

/** A pod whose probe fails is in no trouble that is told of; its words help. */
function quietTrouble(
  { live }: Waiting,
  assessment: Assessment,
): PodTrouble | undefined {
  for (const pod of assessment.pods(live)) {
    const state = stateOf(pod);
    if (!state) continue;
    const { container } = state;
    return { pod, container, reason: '', mayPass: true, hasCrashed: false };
  }
  return undefined;
}
