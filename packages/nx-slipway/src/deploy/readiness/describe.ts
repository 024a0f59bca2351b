import type { Cluster } from '../../cluster';
import { SlipwayError, formatDuration } from '../../report';
import { inWords } from '../object-name';
import type { Assessment } from './assess';
import { detailsOf, type About } from './details';
import type { Waiting } from './expected';
import { worstState } from './pod-state';

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
  const state = worstState(assessment.pods(live));
  const words = state ? `; pod ${state.pod.metadata.name}: ${state.words}` : '';
  return `${what}: ${verdict.reason ?? 'not ready'}${words}`;
}

/** What to do when a wait has failed, for people. */
export interface Advice {
  /** Of what cannot become ready. */
  readonly lost: string;
  /** Of what has taken too long. */
  readonly late: string;
}

/** Of a wait that has failed. */
export interface Failure {
  /** What it failed by. */
  readonly told: readonly Waiting[];
  /** What is not ready, either. */
  readonly others: readonly Waiting[];
  /** How many objects were waited for in all. */
  readonly of: number;
  /** Milliseconds that are over; none: they cannot become ready. */
  readonly timeout?: number;
}

export async function notReady(
  { told, others, of, timeout }: Failure,
  assessment: Assessment,
  advice: Advice,
  cluster: Cluster,
): Promise<SlipwayError> {
  const parts = await Promise.all(
    told.map(async (each) => {
      const details = await detailsOf(aboutOf(each, assessment), cluster);
      return [lineOf(each, assessment), ...details.map((line) => `  ${line}`)];
    }),
  );
  const rest = others.map((each) => `also ${lineOf(each, assessment)}`);
  const lines = [...parts.flat(), ...rest].map((line) => `  ${line}`);
  const how =
    timeout === undefined
      ? 'cannot become ready'
      : `not ready after ${formatDuration(timeout)}`;
  return new SlipwayError({
    code: 'SLIPWAY_E_NOT_READY',
    message: `${told.length} of ${of} objects ${how}:\n${lines.join('\n')}`,
    hint: timeout === undefined ? advice.lost : advice.late,
  });
}

/** A pod whose probe fails is in no trouble that is told of; its words help. */
function aboutOf(
  { expected, live, trouble }: Waiting,
  assessment: Assessment,
): About {
  if (trouble) {
    const { pod, container, hasRestarted } = trouble;
    return { object: pod, container, hasRestarted };
  }
  const state = worstState(assessment.pods(live));
  if (!state) return { object: live ?? expected.applied, hasRestarted: false };
  const { pod, container, hasRestarted } = state;
  return { object: pod, container, hasRestarted };
}
