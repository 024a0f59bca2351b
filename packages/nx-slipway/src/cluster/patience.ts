import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError, type Reporter } from '../report';
import { cancelled } from './cluster-errors';
import type { KubeRequest } from './request';
import type { Answer } from './send';

/** Before each further try. */
const PAUSES_MS = [200, 800];
/** However long the server asks for. */
const LONGEST_PAUSE_MS = 5000;
/** An API server that is restarted is back by then. */
const OUTAGE_MS = 30_000;
const OUTAGE_PAUSE_MS = 1000;

/** The connection broke, perhaps after the request was heard. */
const BROKEN = ['ECONNRESET', 'ECONNABORTED', 'EPIPE'];
/** Nobody heard it. */
const UNHEARD = ['ECONNREFUSED'];

export interface Patient {
  readonly target: { readonly context: string };
  readonly hasAnswered: boolean;
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
  const start = performance.now();
  let isTold = false;
  for (let tries = 0; ; tries++) {
    const result = await outcome(ask);
    const pause = pauseAfter(result, request, tries, patient.hasAnswered);
    const isOver = performance.now() - start > OUTAGE_MS;
    if (pause === undefined || isOver) {
      if (result instanceof SlipwayError) throw result;
      return result;
    }
    if (tries >= PAUSES_MS.length && !isTold) {
      isTold = true;
      patient.reporter?.info(
        `the API server of ${patient.target.context} ${wordsFor(result)}; trying on for ${OUTAGE_MS / 1000} s`,
      );
    }
    await rest(pause, patient.signal);
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

/** @returns milliseconds; undefined: it stays as it is */
function pauseAfter(
  result: Answer | SlipwayError,
  request: KubeRequest,
  tries: number,
  hasAnswered: boolean,
): number | undefined {
  const isRepeatable = request.method !== 'POST' || request.idempotent;
  if (result instanceof SlipwayError) {
    const code = causeOf(result);
    const isUnheard = UNHEARD.includes(code);
    const isBroken = BROKEN.includes(code) && isRepeatable;
    if (!isBroken && !(isUnheard && hasAnswered)) return undefined;
    return PAUSES_MS[tries] ?? (hasAnswered ? OUTAGE_PAUSE_MS : undefined);
  }
  if (result.status === 429) {
    return retryAfter(result) ?? PAUSES_MS[tries] ?? OUTAGE_PAUSE_MS;
  }
  // What a webhook did not answer is said with 500, and says it again.
  const passing =
    request.method === 'GET' ? [500, 502, 503, 504] : [502, 503, 504];
  if (!isRepeatable || !passing.includes(result.status)) return undefined;
  const pause = PAUSES_MS[tries];
  return pause === undefined ? undefined : (retryAfter(result) ?? pause);
}

function causeOf({ cause }: SlipwayError): string {
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
}

function wordsFor(result: Answer | SlipwayError): string {
  return result instanceof SlipwayError
    ? `does not answer (${causeOf(result)})`
    : `is busy (HTTP ${result.status})`;
}

/** Milliseconds that the server asks for; it may say a date, which is rare. */
function retryAfter({ headers }: Answer): number | undefined {
  const seconds = Number(headers['retry-after']);
  if (!(seconds >= 0)) return undefined;
  return Math.min(seconds * 1000, LONGEST_PAUSE_MS);
}

async function rest(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw cancelled();
  }
}
