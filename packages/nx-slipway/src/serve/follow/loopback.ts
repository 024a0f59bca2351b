import { createServer, type Server, type Socket } from 'node:net';

/** What `localhost` may mean, to browsers and others. */
const HOSTS = ['127.0.0.1', '::1'];
/** A machine may have no IPv6. */
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

export interface Loopback {
  /** Takes no more connections; those that are open stay. */
  close(): Promise<void>;
}

/**
 * Listens at a port of this machine's own addresses, and at no other.
 * @throws the socket's own error: if one of them is taken, none is listened at
 */
export async function listenOnLoopback(
  port: number,
  onSocket: (socket: Socket) => void,
): Promise<Loopback> {
  const servers: Server[] = [];
  const close = async () => {
    await Promise.all(
      servers.map((server) => new Promise((done) => server.close(done))),
    );
  };
  for (const host of HOSTS) {
    try {
      servers.push(await listen(host, port, onSocket));
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (servers.length > 0 && NO_SUCH_ADDRESS.includes(code)) continue;
      await close();
      throw error;
    }
  }
  return { close };
}

function listen(
  host: string,
  port: number,
  onSocket: (socket: Socket) => void,
): Promise<Server> {
  const options = { allowHalfOpen: true, pauseOnConnect: true };
  const server = createServer(options, onSocket);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}
