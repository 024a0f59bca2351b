import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { answerError, cancelled, unreachable } from '../cluster-errors';
import type { Connection } from '../connection';
import type { Access } from '../credentials';
import { assertAllowed } from '../guard';
import { nameOf, type KubeAnswer } from '../request';
import { refusalIn } from '../streamed-answer';
import { PodPort } from './pod-port';
import { portErrors } from './port-errors';

export interface PodPlace {
  readonly namespace: string;
  readonly pod: string;
  /** Of the pod. */
  readonly port: number;
  /** Ends it, whenever; the run's own signal is not looked at. */
  readonly signal: AbortSignal;
}

/** What every kubelet speaks; v5 is for exec alone (Kubernetes 1.34). */
const PROTOCOL = 'v4.channel.k8s.io';

/**
 * Opens one connection to a port of a pod, through the API server: a WebSocket
 * of its own for each. To have many in one, kubectl puts SPDY/3.1 into a
 * WebSocket, for which there is no library for Node that is kept.
 * @returns when the kubelet has taken it. That nothing listens there is an error
 *   of the stream.
 * @throws SLIPWAY_E_CLUSTER_UNREACHABLE, SLIPWAY_E_CLUSTER_REFUSED,
 *   SLIPWAY_E_CLUSTER_FAILED, SLIPWAY_E_CONTEXT_NOT_ALLOWED,
 *   SLIPWAY_E_KUBECONFIG, SLIPWAY_E_CANCELLED
 */
export async function openPodPort(
  { connection }: { readonly connection: Connection },
  place: PodPlace,
): Promise<Duplex> {
  const { credentials, target } = connection;
  const path = pathOf(place);
  const access = await credentials.access();
  let opened = await connect(connection, path, place, access);
  if ('status' in opened && opened.status === 401) {
    const renewed = await credentials.renew(access);
    opened = await connect(connection, path, place, renewed);
  }
  if (!('status' in opened)) return opened;
  throw answerError(target, nameOf({ method: 'GET', path }), opened);
}

function pathOf({ namespace, pod, port }: PodPlace): string {
  const [where, name] = [namespace, pod].map(encodeURIComponent);
  return `/api/v1/namespaces/${where}/pods/${name}/portforward?ports=${port}`;
}

async function connect(
  connection: Connection,
  path: string,
  { pod, port, signal }: PodPlace,
  { agent, headers }: Access,
): Promise<PodPort | KubeAnswer> {
  const { target, health, deadlines } = connection;
  // Only runs that forward ports pay for it.
  const ws = await import('ws');
  assertAllowed(target);
  if (signal.aborted) throw cancelled();
  const socket = new ws.WebSocket(
    `${target.server.replace(/^http/, 'ws')}${path}`,
    [PROTOCOL],
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
      refusalIn(connection, path, response).then((answer) => {
        settle();
        resolve(answer);
      }, lost);
    });
    socket.on('open', () => {
      settle();
      health.noteAnswer(101);
      resolve(opened(socket, connection, { pod, port, signal }));
    });
  });
}

function opened(
  socket: WebSocket,
  connection: Connection,
  { pod, port, signal }: Pick<PodPlace, 'pod' | 'port' | 'signal'>,
): PodPort {
  const stream = new PodPort(socket, portErrors(connection, pod, port));
  const onAbort = () => stream.destroy();
  // It may fail before whoever has asked for it is told that it is open.
  stream.on('error', () => undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  stream.on('close', () => signal.removeEventListener('abort', onAbort));
  return stream;
}
