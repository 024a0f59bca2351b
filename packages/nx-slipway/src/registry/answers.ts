import { HttpFault } from './http-fault';
import {
  MAX_ERROR_BYTES,
  failed,
  networkError,
  saidIn,
  type Refusal,
} from './registry-errors';
import { Transient, parseRetryAfter } from './retry';
import type { HttpAnswer } from './transport';

export interface AnswerContext {
  /** As people know the registry. */
  readonly host: string;
  /** What the registry must not make us show. */
  readonly secrets: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** They may be over in a moment. */
const TRANSIENT = [429, 500, 502, 503, 504];

/** What a server says with an answer that is no success. */
export async function refusalIn(
  answer: HttpAnswer,
  secrets: ReadonlySet<string>,
): Promise<Refusal> {
  const body = await answer.bytes(MAX_ERROR_BYTES);
  const said = saidIn(body ?? Buffer.alloc(0), secrets);
  return { status: answer.status, said };
}

/** @throws Transient */
export async function throwIfTransient(
  answer: HttpAnswer,
  path: string,
  { host, secrets, now }: AnswerContext,
): Promise<void> {
  if (!TRANSIENT.includes(answer.status)) return;
  const error = failed(host, path, await refusalIn(answer, secrets));
  const wait = parseRetryAfter(answer.header('retry-after'), now());
  throw new Transient(error, wait);
}

/**
 * A fault of the network as an error that says who did not answer; anything
 * else as it is.
 * @param hasAnswered whether it did before: then it is starting again, maybe
 */
export function named(
  error: unknown,
  server: string,
  hasAnswered: boolean,
): Error {
  if (!(error instanceof HttpFault)) return error as Error;
  const { kind } = error;
  const known = networkError(server, error);
  const mayPass = kind === 'broken' || (kind === 'refused' && hasAnswered);
  return mayPass ? new Transient(known) : known;
}
