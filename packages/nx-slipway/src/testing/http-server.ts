import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of 127.0.0.1 for one file of tests. */
export interface TestServer {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `METHOD PATH` of each request since the test began. */
  readonly requests: readonly string[];
  /** What answers, in this test. */
  answer: RequestListener;
  close(): Promise<void>;
  /** As the server that was closed, at the same port. */
  reopen(host: string): Promise<void>;
}

/** Call it at the top of a file. */
export function useHttpServer(): TestServer {
  let server: Server;
  let requests: string[] = [];
  const listen = async (port: number) => {
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      test.answer(request, response);
    });
    await new Promise<void>((resolve) =>
      server.listen(port, '127.0.0.1', resolve),
    );
  };
  const test: TestServer = {
    get host() {
      return `127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    get requests() {
      return requests;
    },
    answer: (_request, response) => response.writeHead(501).end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    reopen: (host) => listen(Number(host.split(':')[1])),
  };
  beforeEach(() => {
    requests = [];
    return listen(0);
  });
  afterEach(() => test.close());
  return test;
}
