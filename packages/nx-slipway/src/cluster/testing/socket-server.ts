import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** The path of a request, and what it brought. */
interface Asked {
  readonly path: string;
  readonly authorization?: string;
}

/**
 * Opens WebSockets as an API server does. What else it is asked is not found.
 */
export abstract class SocketServer {
  readonly asked: Asked[] = [];
  readonly tunnels = new Set<WebSocket>();
  /** Status that an upgrade is refused with, in place of a tunnel. */
  refuse?: (asked: Asked) => number | undefined;
  /** What it speaks, the best first. */
  protocols: readonly string[] = ['v4.channel.k8s.io'];
  private readonly server: Server;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) =>
      this.protocols.find((each) => offered.has(each)) ?? false,
  });

  protected constructor() {
    this.server = createServer((_request, response) =>
      response.writeHead(404).end('{}'),
    );
    this.server.on(
      'upgrade',
      (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        this.upgrade(request, socket, head),
    );
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

  protected async listen(): Promise<this> {
    await new Promise<void>((resolve) =>
      this.server.listen(0, '127.0.0.1', resolve),
    );
    return this;
  }

  protected abstract serve(tunnel: WebSocket, url: URL): void;

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
    this.sockets.handleUpgrade(request, socket, head, (tunnel) => {
      this.tunnels.add(tunnel);
      tunnel.on('close', () => this.tunnels.delete(tunnel));
      this.serve(tunnel, new URL(url, 'http://x'));
    });
  }
}
