import { createServer } from 'node:net';

function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const got = typeof address === 'object' ? address?.port : undefined;
      server.close(() => resolve(got));
    });
  });
}

export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) === port;
}

/**
 * A free TCP port on loopback in [from, from + 2000): below the kernel's range
 * for outgoing connections, so that one found free stays free.
 */
export async function freePort(
  from: number,
  taken: ReadonlySet<number>,
): Promise<number> {
  for (let port = from; port < from + 2000; port++) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`No port is free from ${from} to ${from + 2000}.`);
}
