import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError, type Reporter } from '../report';
import { cancelled } from './cluster-errors';
import type { Health } from './health';
import { causeOf, pauseAfter } from './pause-after';
import type { KubeRequest } from './request';
import type { Answer } from './send';

/** What passes by itself, as a rule, before anybody needs to be told. */
const QUIET_TRIES = 2;

export interface Patient {
  readonly target: { readonly context: string };
  readonly health: Health;
  /** Milliseconds; an API server that is restarted is back by then. */
  readonly outage: number;
  readonly reporter?: Pick<Reporter, 'info'>;
  readonly signal?: AbortSignal;
}

/**
 * Tries again what met a fault that may pass, if it may be asked twice: a few
 * times; and as long as an API server takes to start again, if it had answered
 * before in this run.
 * @throws what the last try threw
 */
export async function persistently(
  patient: Patient,
  request: KubeRequest,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const { health, target, outage, reporter, signal } = patient;
  const start = performance.now();
  for (let tries = 0; ; tries++) {
    const { hasAnswered } = health;
    const result = await outcome(ask);
    note(health, result);
    const { isSettling } = health;
    const seen = { request, result, tries, hasAnswered, isSettling };
    const pause = pauseAfter(seen);
    const passed = performance.now() - start;
    const isOver = passed + (pause ?? 0) > (request.patience ?? outage);
    // Whoever has cancelled waits for this to end.
    const isLast = signal?.aborted && tries >= QUIET_TRIES;
    if (pause === undefined || isOver || isLast) {
      if (result instanceof SlipwayError) throw result;
      return result;
    }
    if (tries >= QUIET_TRIES && health.isNews(outage)) {
      reporter?.info(
        `the API server of ${target.context} ${wordsFor(result)}; trying on for ${outage / 1000} s`,
      );
    }
    // Those who were turned away together do not come back together.
    const spread = pause * (1 + Math.random() / 2);
    await rest(spread, request.afterCancel ? undefined : signal);
  }
}

async function outcome(ask: () => Promise<Answer>) {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
}

function note(health: Health, result: Answer | SlipwayError): void {
  if (!(result instanceof SlipwayError)) health.noteAnswer(result.status);
  else if (result.code === 'SLIPWAY_E_CLUSTER_UNREACHABLE') {
    health.noteSilence();
  }
}

function wordsFor(result: Answer | SlipwayError): string {
  if (result instanceof SlipwayError) {
    return `does not answer (${causeOf(result)})`;
  }
  return result.status === 403
    ? 'has just started, and says that this is forbidden'
    : `is busy (HTTP ${result.status})`;
}

async function rest(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw cancelled();
  }
}
