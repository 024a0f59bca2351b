import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** `METHOD PATH` of a request, and what it brought. */
interface Asked {
  readonly path: string;
  readonly authorization?: string;
}

/**
 * Forwards ports as an API server and a kubelet do, to ports of 127.0.0.1. What
 * else it is asked is not found.
 */
export class PortServer {
  readonly asked: Asked[] = [];
  readonly tunnels = new Set<WebSocket>();
  /** Status that an upgrade is refused with, in place of a tunnel. */
  refuse?: (asked: Asked) => number | undefined;
  /** Of a pod's name and port: the port of 127.0.0.1 that stands for it. */
  portOf: (pod: string, port: number) => number = (_pod, port) => port;
  private readonly server: Server;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) =>
      offered.has('v4.channel.k8s.io') && 'v4.channel.k8s.io',
  });

  private constructor() {
    this.server = createServer((_request, response) =>
      response.writeHead(404).end('{}'),
    );
    this.server.on(
      'upgrade',
      (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        this.upgrade(request, socket, head),
    );
  }

  static async start(): Promise<PortServer> {
    const ports = new PortServer();
    await new Promise<void>((resolve) =>
      ports.server.listen(0, '127.0.0.1', resolve),
    );
    return ports;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const tunnel of this.tunnels) tunnel.terminate();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const { url = '', headers } = request;
    const asked = { path: url, authorization: headers.authorization };
    this.asked.push(asked);
    const status = this.refuse?.(asked);
    if (status !== undefined) {
      const body = JSON.stringify({ message: `said ${status}` });
      socket.end(
        `HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (tunnel) =>
      this.forward(tunnel, new URL(url, 'http://x')),
    );
  }

  private forward(tunnel: WebSocket, { pathname, searchParams }: URL): void {
    this.tunnels.add(tunnel);
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
    tunnel.on('close', () => {
      this.tunnels.delete(tunnel);
      target.destroy();
    });
  }
}
