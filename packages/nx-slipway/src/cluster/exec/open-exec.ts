import type { WebSocket } from 'ws';
import type { Connection } from '../connection';
import { openWebSocket } from '../web-socket';
import { ContainerExec } from './container-exec';
import { execErrors } from './exec-errors';
import type { ExecStream } from './exec-stream';
import { PROTOCOLS } from './frames';

export interface ExecPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Without a shell. */
  readonly command: readonly string[];
  /** Whether it is given a stdin. */
  readonly stdin: boolean;
  /** Ends it, whenever; the run's own signal is not looked at. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command in a container, through the API server: a WebSocket of its own
 * for each.
 * @returns when the kubelet has been asked: that the command is not there is an
 *   error of its end
 * @throws SLIPWAY_E_CLUSTER_UNREACHABLE, SLIPWAY_E_CLUSTER_REFUSED,
 *   SLIPWAY_E_CLUSTER_FAILED, SLIPWAY_E_CONTEXT_NOT_ALLOWED,
 *   SLIPWAY_E_KUBECONFIG, SLIPWAY_E_CANCELLED
 */
export function openExec(
  { connection }: { readonly connection: Connection },
  place: ExecPlace,
): Promise<ExecStream> {
  return openWebSocket(connection, {
    path: pathOf(place),
    protocols: PROTOCOLS,
    signal: place.signal,
    take: (socket) => opened(socket, connection, place),
  });
}

function pathOf(place: ExecPlace): string {
  const [where, name] = [place.namespace, place.pod].map(encodeURIComponent);
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true' });
  query.set('container', place.container);
  if (place.stdin) query.set('stdin', 'true');
  for (const word of place.command) query.append('command', word);
  return `/api/v1/namespaces/${where}/pods/${name}/exec?${query.toString()}`;
}

function opened(
  socket: WebSocket,
  connection: Connection,
  { pod, container, stdin, signal }: ExecPlace,
): ExecStream {
  const errors = execErrors(connection, pod, container);
  const exec = new ContainerExec(socket, errors);
  if (!stdin) exec.stdin.destroy();
  const onAbort = () => exec.close();
  signal.addEventListener('abort', onAbort, { once: true });
  const unlink = () => signal.removeEventListener('abort', onAbort);
  exec.ended.then(unlink, unlink);
  return exec;
}
