import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Connection } from '../connection';
import { openWebSocket } from '../web-socket';
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
export function openPodPort(
  { connection }: { readonly connection: Connection },
  place: PodPlace,
): Promise<Duplex> {
  return openWebSocket(connection, {
    path: pathOf(place),
    protocols: [PROTOCOL],
    signal: place.signal,
    take: (socket) => opened(socket, connection, place),
  });
}

function pathOf({ namespace, pod, port }: PodPlace): string {
  const [where, name] = [namespace, pod].map(encodeURIComponent);
  return `/api/v1/namespaces/${where}/pods/${name}/portforward?ports=${port}`;
}

function opened(
  socket: WebSocket,
  connection: Connection,
  { pod, port, signal }: PodPlace,
): PodPort {
  const stream = new PodPort(socket, portErrors(connection, pod, port));
  const onAbort = () => stream.destroy();
  // It may fail before whoever has asked for it is told that it is open.
  stream.on('error', () => undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  stream.on('close', () => signal.removeEventListener('abort', onAbort));
  return stream;
}
