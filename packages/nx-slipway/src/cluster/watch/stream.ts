import http from 'node:http';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { cancelled, unreachable } from '../cluster-errors';
import { parsed, type Connection } from '../connection';
import type { Access } from '../credentials';
import { assertAllowed } from '../guard';
import type { KubeAnswer, KubeRequest } from '../request';
import { readEvent, type WatchEvent } from './watch-event';

export interface WatchStream {
  readonly path: string;
  /**
   * Milliseconds without a byte after which the connection is taken for dead:
   * more than the server lets a watch live.
   */
  readonly silence: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
}

/**
 * Follows one watch until the server ends it, as it does every minute, or the
 * connection is silent for too long: of a half-open one nothing else tells.
 * @returns the answer, if it is no success; undefined when the watch has ended
 * @throws SLIPWAY_E_CLUSTER_UNREACHABLE, SLIPWAY_E_CANCELLED,
 *   SLIPWAY_E_CONTEXT_NOT_ALLOWED
 */
export async function followStream(
  connection: Connection,
  stream: WatchStream,
): Promise<KubeAnswer | undefined> {
  const { credentials } = connection;
  const access = await credentials.access();
  const answer = await follow(connection, stream, access);
  if (answer?.status !== 401) return answer;
  return follow(connection, stream, await credentials.renew(access));
}

function follow(
  { target, credentials, health }: Connection,
  { path, silence, signal, onEvent }: WatchStream,
  { agent, headers }: Access,
): Promise<KubeAnswer | undefined> {
  assertAllowed(target);
  if (signal.aborted) return Promise.reject(cancelled());
  const url = `${target.server}${path}`;
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      headers: {
        ...headers,
        accept: 'application/json',
        'user-agent': 'nx-slipway',
      },
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
        const asked: KubeRequest = { method: 'GET', path };
        text(response)
          .then((said) => ({ status, text: credentials.conceal(said) }))
          .then((answer) => parsed({ target }, asked, answer))
          .then(resolve, fail);
        return;
      }
      response.on('data', () => timer.refresh());
      const lines = createInterface({ input: response, crlfDelay: Infinity });
      lines.on('line', (line) => {
        const event = readEvent(line);
        if (event) onEvent(event);
        // Nothing good comes after it.
        if (event?.type === 'ERROR') {
          resolve(undefined);
          sent.destroy();
        }
      });
      // It hands on what the response ends with.
      lines.on('error', fail);
      lines.on('close', () => resolve(undefined));
    });
    sent.end();
  });
}
