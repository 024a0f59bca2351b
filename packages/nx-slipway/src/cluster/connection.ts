import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '../report';
import { answerError, cancelled, notJson, unreachable } from './cluster-errors';
import type { Access, Credentials } from './credentials';
import { assertAllowed, type GuardedTarget } from './guard';
import { send, type Answer } from './send';

/** Before each further try of a GET that met a passing fault. */
const PAUSES_MS = [200, 800];
/** However long the server asks for. */
const LONGEST_PAUSE_MS = 5000;
const PASSING_FAULTS = ['ECONNRESET', 'ECONNABORTED', 'EPIPE'];

/** A cluster that requests go to. */
export interface Connection {
  readonly target: GuardedTarget;
  readonly credentials: Credentials;
  /** Milliseconds for a request. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
}

/**
 * @param absent which answers mean that there is nothing
 * @throws as Cluster.get
 */
export async function getJson<T>(
  connection: Connection,
  path: string,
  absent: readonly number[],
): Promise<T | undefined> {
  const answer = await persistently(connection, path);
  if (absent.includes(answer.status)) return undefined;
  const request = `GET ${path}`;
  if (answer.status !== 200) {
    // Proxies that are debugged have been seen to echo headers.
    const text = connection.credentials.conceal(answer.text);
    throw answerError(connection.target, request, { ...answer, text });
  }
  try {
    return JSON.parse(answer.text) as T;
  } catch {
    throw notJson(connection.target, request);
  }
}

/** Tries again what may be asked twice and met a fault that may pass. */
async function persistently(
  connection: Connection,
  path: string,
): Promise<Answer> {
  for (const pause of PAUSES_MS) {
    const answer = await unlessReset(connection, path);
    if (answer && !isPassing(answer.status)) return answer;
    await rest(retryAfter(answer) ?? pause, connection.signal);
  }
  return authorised(connection, path);
}

async function unlessReset(connection: Connection, path: string) {
  try {
    return await authorised(connection, path);
  } catch (error) {
    if (isReset(error)) return undefined;
    throw error;
  }
}

/** Credentials that are refused are read again, once. */
async function authorised(
  connection: Connection,
  path: string,
): Promise<Answer> {
  const { credentials } = connection;
  const access = await credentials.access();
  const answer = await guarded(connection, path, access);
  if (answer.status !== 401) return answer;
  return guarded(connection, path, await credentials.renew(access));
}

/** The one place from where requests leave. */
async function guarded(
  { target, deadline, signal }: Connection,
  path: string,
  access: Access,
): Promise<Answer> {
  assertAllowed(target);
  const url = `${target.server}${path}`;
  try {
    return await send({ method: 'GET', url, deadline, signal }, access);
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    throw unreachable(target, error);
  }
}

function isReset(error: unknown): boolean {
  if (!(error instanceof SlipwayError)) return false;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return PASSING_FAULTS.includes(cause?.code ?? '');
}

function isPassing(status: number): boolean {
  return status === 429 || [500, 502, 503, 504].includes(status);
}

/** Milliseconds that the server asks for; it may say a date, which is rare. */
function retryAfter(answer: Answer | undefined): number | undefined {
  const seconds = Number(answer?.headers['retry-after']);
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
