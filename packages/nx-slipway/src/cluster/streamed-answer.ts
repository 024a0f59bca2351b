import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { cancelled, unreachable } from './cluster-errors';
import { parsed, type Connection } from './connection';
import type { Access } from './credentials';
import { assertAllowed } from './guard';
import type { KubeAnswer, KubeRequest } from './request';

export interface AnswerStream {
  readonly path: string;
  readonly accept: string;
  /** Milliseconds without a byte after which the connection is taken for dead. */
  readonly silence: number;
  readonly signal: AbortSignal;
  /** Resolves when no more of it is wanted; rejects as the body does. */
  readonly read: (body: Readable) => Promise<void>;
}

/** Milliseconds between questions of the kernel whether the other side is there. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Reads an answer that goes on until the server ends it, or the connection is
 * silent for too long: of a half-open one nothing else tells, if a proxy stands
 * between.
 * @returns the answer, if it is no success; undefined when it has ended
 * @throws SLIPWAY_E_CLUSTER_UNREACHABLE, SLIPWAY_E_CANCELLED,
 *   SLIPWAY_E_CONTEXT_NOT_ALLOWED
 */
export async function streamedAnswer(
  connection: Connection,
  stream: AnswerStream,
): Promise<KubeAnswer | undefined> {
  const { credentials } = connection;
  const access = await credentials.access();
  const answer = await streamed(connection, stream, access);
  if (answer?.status !== 401) return answer;
  return streamed(connection, stream, await credentials.renew(access));
}

function streamed(
  connection: Connection,
  { path, accept, silence, signal, read }: AnswerStream,
  { agent, headers }: Access,
): Promise<KubeAnswer | undefined> {
  const { target, health } = connection;
  assertAllowed(target);
  if (signal.aborted) return Promise.reject(cancelled());
  const url = `${target.server}${path}`;
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      headers: { ...headers, accept, 'user-agent': 'nx-slipway' },
    });
    const fail = (error: Error) => {
      reject(signal.aborted ? cancelled() : unreachable(target, error));
      clearTimeout(timer);
      sent.destroy();
    };
    const onAbort = () => fail(new Error('aborted'));
    const mute = new Error(`no word in ${silence / 1000} s`);
    // Not the socket's own timeout: before it is connected, by way of a proxy
    // too, there is none.
    const timer = setTimeout(() => fail(mute), silence);
    signal.addEventListener('abort', onAbort, { once: true });
    sent.setSocketKeepAlive(true, KEEP_ALIVE_MS);
    sent.on('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    });
    sent.on('error', fail);
    sent.on('response', (response) => {
      response.on('error', fail);
      const { statusCode: status = 0 } = response;
      health.noteAnswer(status);
      if (status !== 200) {
        refusalIn(connection, path, response).then(resolve, fail);
        return;
      }
      response.on('data', () => timer.refresh());
      read(response).then(() => {
        resolve(undefined);
        if (!response.readableEnded) sent.destroy();
      }, fail);
    });
    sent.end();
  });
}

/** An answer to a GET that is no success, read to its end. */
export async function refusalIn(
  { target, credentials }: Connection,
  path: string,
  response: IncomingMessage,
): Promise<KubeAnswer> {
  const asked: KubeRequest = { method: 'GET', path };
  const { statusCode: status = 0 } = response;
  const said = credentials.conceal(await text(response));
  return parsed({ target }, asked, { status, text: said });
}
