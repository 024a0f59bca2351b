import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { answerError, cancelled, unreachable } from '../cluster-errors';
import type { Connection } from '../connection';
import type { Access } from '../credentials';
import { assertAllowed } from '../guard';
import { nameOf, type KubeAnswer } from '../request';
import { refusalIn } from '../streamed-answer';

export interface Opening<T> {
  /** Of the API, from its `/` on. */
  readonly path: string;
  /** What we speak of `channel.k8s.io`, the best first. */
  readonly protocols: readonly string[];
  /** Ends the attempt; what has been opened, whoever took it does. */
  readonly signal: AbortSignal;
  /** Takes what has been opened, before anything has been heard there. */
  readonly take: (socket: WebSocket) => T;
}

/**
 * Opens a WebSocket to what a pod has, through the API server. Credentials that
 * are refused are read again, once.
 * @throws SLIPWAY_E_CLUSTER_UNREACHABLE, SLIPWAY_E_CLUSTER_REFUSED,
 *   SLIPWAY_E_CLUSTER_FAILED, SLIPWAY_E_CONTEXT_NOT_ALLOWED,
 *   SLIPWAY_E_KUBECONFIG, SLIPWAY_E_CANCELLED
 */
export async function openWebSocket<T>(
  connection: Connection,
  opening: Opening<T>,
): Promise<T> {
  const { credentials, target } = connection;
  const access = await credentials.access();
  let end = await connect(connection, opening, access);
  if ('refusal' in end && end.refusal.status === 401) {
    const renewed = await credentials.renew(access);
    end = await connect(connection, opening, renewed);
  }
  if ('taken' in end) return end.taken;
  const asked = nameOf({ method: 'GET', path: opening.path });
  throw answerError(target, asked, end.refusal);
}

async function connect<T>(
  connection: Connection,
  { path, protocols, signal, take }: Opening<T>,
  { agent, headers }: Access,
): Promise<{ readonly taken: T } | { readonly refusal: KubeAnswer }> {
  const { target, health, deadlines } = connection;
  // Only runs that forward ports or run commands pay for it.
  const ws = await import('ws');
  assertAllowed(target);
  if (signal.aborted) throw cancelled();
  const socket = new ws.WebSocket(
    `${target.server.replace(/^http/, 'ws')}${path}`,
    [...protocols],
    {
      agent,
      headers: { ...headers, 'user-agent': 'nx-slipway' },
      // It gains nothing on the way to a local cluster, and costs memory.
      perMessageDeflate: false,
    },
  );
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      settle();
      // What it says of being ended early is no news.
      socket.on('error', () => undefined);
      socket.terminate();
      reject(error);
    };
    const lost = (error: Error) => fail(unreachable(target, error));
    const late = new Error(`no answer in ${deadlines.request / 1000} s`);
    const timer = setTimeout(() => lost(late), deadlines.request);
    const onAbort = () => fail(cancelled());
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('error', lost);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', lost);
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      health.noteAnswer(response.statusCode ?? 0);
      refusalIn(connection, path, response).then((refusal) => {
        settle();
        resolve({ refusal });
      }, lost);
    });
    socket.on('open', () => {
      settle();
      health.noteAnswer(101);
      resolve({ taken: take(socket) });
    });
  });
}
