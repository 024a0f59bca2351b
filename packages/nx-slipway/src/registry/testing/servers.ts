import {
  createServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { Certificate } from './certificate';

/** A request as a server got it, whole. */
export interface Got {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Answering {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly port: number;
  readonly got: readonly Got[];
  /** `METHOD PATH` of each request. */
  readonly lines: readonly string[];
  answer: RequestListener;
  close(): Promise<void>;
}

/**
 * Starts servers of HTTP, or of HTTPS, that answer when they have read the
 * whole request. Call it at the top of a file.
 */
export function useServers() {
  const running: Answering[] = [];
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close();
  });
  return async (
    answer: RequestListener,
    certificate?: Certificate,
  ): Promise<Answering> => {
    const got: Got[] = [];
    const lines: string[] = [];
    const onRequest: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const line = `${request.method} ${request.url}`;
        lines.push(line);
        got.push({
          line,
          headers: request.headers,
          body: Buffer.concat(chunks),
        });
        test.answer(request, response);
      });
    };
    const server = certificate
      ? createTlsServer(certificate, onRequest)
      : createServer(onRequest);
    await listen(server);
    const { port } = server.address() as AddressInfo;
    const test: Answering = {
      host: `127.0.0.1:${port}`,
      port,
      got,
      lines,
      answer,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
    running.push(test);
    return test;
  };
}

/** On every address, since 0.0.0.0 is one that is not loopback by name. */
export function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '0.0.0.0', resolve);
  });
}
