import { SlipwayError } from '../report';
import { isAway } from './away';
import type { KubeRequest } from './request';
import type { Answer } from './send';

/** Before each further try. */
const PAUSES_MS = [200, 800];
/** However long the server asks for. */
const LONGEST_PAUSE_MS = 5000;
const OUTAGE_PAUSE_MS = 1000;
const SETTLING_PAUSE_MS = 500;

/** The connection broke, perhaps after the request was heard. */
const BROKEN = ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT'];
/** Nobody heard it. */
const UNHEARD = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];
export interface Outcome {
  readonly request: KubeRequest;
  readonly result: Answer | SlipwayError;
  /** How many tries came before. */
  readonly tries: number;
  /** Of the server, before this try. */
  readonly hasAnswered: boolean;
  readonly isSettling: boolean;
}

/**
 * @returns milliseconds until the next try; undefined: it stays as it is.
 *   Without an end, which the caller sets, only for a server that had answered.
 */
export function pauseAfter(outcome: Outcome): number | undefined {
  const { result, hasAnswered, tries } = outcome;
  const short = PAUSES_MS[tries];
  const long = short ?? (hasAnswered ? OUTAGE_PAUSE_MS : undefined);
  if (result instanceof SlipwayError) {
    const code = causeOf(result);
    if (UNHEARD.includes(code)) return hasAnswered ? long : undefined;
    return BROKEN.includes(code) && isRepeatable(outcome) ? long : undefined;
  }
  const { status } = result;
  // These two are said before anything is done.
  if (status === 429) {
    return Math.max(retryAfter(result) ?? 0, short ?? OUTAGE_PAUSE_MS);
  }
  if (status === 403) {
    return outcome.isSettling ? SETTLING_PAUSE_MS : undefined;
  }
  if (!isRepeatable(outcome) || !mayPass(outcome, status)) return undefined;
  const pause = isAway(result) ? short : long;
  return pause && Math.max(retryAfter(result) ?? 0, pause);
}

/** `ECONNREFUSED`; empty for what is not the network's. */
export function causeOf({ cause }: SlipwayError): string {
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
}

function isRepeatable({ request }: Outcome): boolean {
  return request.method !== 'POST' || request.idempotent === true;
}

/** What a webhook did not answer is said with 500, and is said again. */
function mayPass({ request, tries }: Outcome, status: number): boolean {
  if (status === 500) {
    return request.method === 'GET' && tries < PAUSES_MS.length;
  }
  return [502, 503, 504].includes(status);
}

/** Milliseconds that the server asks for; it may say a date, which is rare. */
function retryAfter({ headers }: Answer): number | undefined {
  const seconds = Number(headers['retry-after']);
  if (!(seconds >= 0)) return undefined;
  return Math.min(seconds * 1000, LONGEST_PAUSE_MS);
}
