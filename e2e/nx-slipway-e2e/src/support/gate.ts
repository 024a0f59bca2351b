import {
  createConnection,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from 'node:net';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';

/**
 * Passes connections on to a real server, which everybody else has, too, until
 * it is shut: then all of them break, and nobody gets one.
 */
export class Gate {
  private server?: Server;
  private readonly sockets = new Set<Socket>();
  private isStalled = false;

  /** @param at a path, or a port of loopback @param to likewise */
  private constructor(
    private readonly at: string | number,
    private readonly to: string | number,
  ) {}

  static async open(at: string | number, to: string | number): Promise<Gate> {
    const gate = new Gate(at, to);
    await gate.open();
    return gate;
  }

  /** How many wait for an answer that does not come. */
  get waiting(): number {
    return this.isStalled ? this.sockets.size : 0;
  }

  async open(): Promise<void> {
    this.isStalled = false;
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      if (this.isStalled) return this.hold(socket);
      const upstream = createConnection({
        ...(placeOf(this.to) as NetConnectOpts),
        allowHalfOpen: true,
      });
      this.join(socket, upstream);
      this.join(upstream, socket);
    });
    this.server = server.listen(placeOf(this.at));
    await once(server, 'listening');
  }

  /** Whoever connects from now on is heard, and not answered. */
  stall(): void {
    this.isStalled = true;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  async shut(): Promise<void> {
    const { server } = this;
    if (!server?.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
    if (typeof this.at === 'string') await rm(this.at, { force: true });
  }

  private hold(socket: Socket): void {
    this.sockets.add(socket);
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}

function placeOf(place: string | number) {
  return typeof place === 'string'
    ? { path: place }
    : { port: place, host: '127.0.0.1' };
}
