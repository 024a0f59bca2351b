import { connect } from 'node:net';
import type { WebSocket } from 'ws';
import { SocketServer } from './socket-server';

/**
 * Forwards ports as an API server and a kubelet do, to ports of 127.0.0.1.
 */
export class PortServer extends SocketServer {
  /** Of a pod's name and port: the port of 127.0.0.1 that stands for it. */
  portOf: (pod: string, port: number) => number = (_pod, port) => port;

  static start(): Promise<PortServer> {
    return new PortServer().listen();
  }

  protected serve(tunnel: WebSocket, { pathname, searchParams }: URL): void {
    const [, pod = ''] = /pods\/([^/]+)\/portforward$/.exec(pathname) ?? [];
    const port = Number(searchParams.get('ports'));
    for (const channel of [0, 1]) {
      tunnel.send(Buffer.from([channel, port & 255, port >> 8]));
    }
    const target = connect(this.portOf(pod, port), '127.0.0.1');
    target.on('data', (data) => {
      target.pause();
      tunnel.send(Buffer.concat([Buffer.of(0), data]), () => target.resume());
    });
    target.on('error', ({ message }) =>
      tunnel.send(
        Buffer.from(
          `\u0001error forwarding port ${port}: ${message}`.replace(
            'ECONNREFUSED',
            'connection refused',
          ),
        ),
      ),
    );
    target.on('close', () => {
      tunnel.close(1000);
      // The answer to that is among what the program did not want.
      tunnel.resume();
    });
    tunnel.on('message', (message: Buffer) => {
      if (target.write(message.subarray(1))) return;
      tunnel.pause();
      target.once('drain', () => tunnel.resume());
    });
    tunnel.on('close', () => target.destroy());
  }
}
