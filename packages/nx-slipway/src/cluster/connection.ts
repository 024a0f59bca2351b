import { jsonText } from '../manifest';
import { SlipwayError, type Reporter } from '../report';
import { answerError, notJson, unreachable } from './cluster-errors';
import type { Access, Credentials } from './credentials';
import { assertAllowed, type GuardedTarget } from './guard';
import type { Health } from './health';
import { persistently } from './patience';
import {
  isSuccess,
  nameOf,
  type KubeAnswer,
  type KubeRequest,
} from './request';
import { send, type Answer, type Method } from './send';
import type { Slots } from './slots';

/** A cluster that requests go to. */
export interface Connection {
  readonly target: GuardedTarget;
  readonly credentials: Credentials;
  readonly health: Health;
  /** Of requests that are on their way; watches need none. */
  readonly slots: Slots;
  readonly deadlines: RequestDeadlines;
  readonly reporter?: Pick<Reporter, 'info'>;
  readonly signal?: AbortSignal;
}

/** Milliseconds, to the last byte of the answer. */
export interface RequestDeadlines {
  /** One request that only reads; 15 s. */
  readonly request: number;
  /** One that writes; 35 s: the API server gives a webhook up to 30. */
  readonly write: number;
  /** How long a server is waited for that had answered before; 30 s. */
  readonly outage: number;
}

/**
 * Every status but 401 is an answer.
 * @throws as Cluster.request
 */
export async function requestJson(
  connection: Connection,
  request: KubeRequest,
): Promise<KubeAnswer> {
  const answer = await requestText(connection, request);
  return parsed(connection, request, answer);
}

/** @throws SLIPWAY_E_CLUSTER_FAILED for a success that is no JSON */
export function parsed(
  { target }: Pick<Connection, 'target'>,
  request: KubeRequest,
  { status, text }: Pick<Answer, 'status' | 'text'>,
): KubeAnswer {
  if (text === '') return { status, body: undefined };
  try {
    return { status, body: JSON.parse(text) as unknown };
  } catch {
    // What a proxy says in place of the API server.
    if (!isSuccess({ status })) return { status, body: { message: text } };
    throw notJson(target, nameOf(request));
  }
}

/** The same, for what is no JSON: logs. */
export async function requestText(
  connection: Connection,
  request: KubeRequest,
): Promise<Answer> {
  const { outage } = connection.deadlines;
  const answer = await persistently({ ...connection, outage }, request, () =>
    authorised(connection, request),
  );
  if (isSuccess(answer)) return answer;
  // Proxies that are debugged have been seen to echo headers.
  const text = connection.credentials.conceal(answer.text);
  const failure = { ...answer, text };
  if (answer.status !== 401) return failure;
  throw answerError(
    connection.target,
    nameOf(request),
    parsed(connection, request, failure),
  );
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
  const request: KubeRequest = { method: 'GET', path };
  const answer = await requestJson(connection, request);
  if (absent.includes(answer.status)) return undefined;
  if (answer.status === 200) return answer.body as T;
  throw answerError(connection.target, nameOf(request), answer);
}

/** Credentials that are refused are read again, once. */
async function authorised(
  connection: Connection,
  request: KubeRequest,
): Promise<Answer> {
  const { credentials } = connection;
  const access = await credentials.access();
  const answer = await guarded(connection, request, access);
  if (answer.status !== 401) return answer;
  return guarded(connection, request, await credentials.renew(access));
}

/** The one place from where requests leave; watches have theirs in watch/. */
async function guarded(
  { target, deadlines, slots, signal }: Connection,
  request: KubeRequest,
  access: Access,
): Promise<Answer> {
  const { method, path, body, contentType, accept } = request;
  const question = {
    method,
    url: `${target.server}${path}`,
    body: body === undefined ? undefined : jsonText(body),
    contentType,
    accept,
    deadline: request.deadline ?? deadlineOf(method, deadlines),
    signal: request.afterCancel ? undefined : signal,
  };
  try {
    return await slots.run(() => {
      assertAllowed(target);
      return send(question, access);
    });
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    throw unreachable(target, error);
  }
}

function deadlineOf(method: Method, { request, write }: RequestDeadlines) {
  return method === 'GET' ? request : write;
}
