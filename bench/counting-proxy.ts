import { createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** Stands before a registry of plain HTTP and notes what it is asked. */
export interface CountingProxy {
  /** `localhost:PORT` */
  readonly host: string;
  /** `METHOD PATH` of each request so far; the caller may empty it. */
  readonly requests: string[];
  close(): void;
}

/** @param upstream `host:port` */
export async function countingProxy(upstream: string): Promise<CountingProxy> {
  const requests: string[] = [];
  const server = createServer((asked, answer) => {
    const { method, url = '', headers } = asked;
    requests.push(`${method} ${url}`);
    // With the Host that was asked: uploads go where that leads, through here.
    const passed = request(`http://${upstream}${url}`, { method, headers });
    passed.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      pipeline(response, answer, () => undefined);
    });
    pipeline(asked, passed, (error) => {
      if (error) answer.destroy(error);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
