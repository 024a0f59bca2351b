import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * Answers a request in place of the API server, or spoils it.
 * @returns whether it did; else the API server is asked
 */
export type ApiFault = (
  request: IncomingMessage,
  response: ServerResponse,
) => boolean;

/** An API server that passes on what it is asked to a real one, but for a fault. */
export class FaultyApi {
  /** `METHOD PATH` of each request, with its query. */
  readonly requests: string[] = [];
  /** What is asked of it from now on; undefined: it is healed. */
  fault?: ApiFault;

  private constructor(
    private readonly server: Server,
    private readonly upstream: string,
  ) {}

  /** @param upstream `https://127.0.0.1:PORT` */
  static async start(upstream: string): Promise<FaultyApi> {
    const server = createServer();
    const api = new FaultyApi(server, upstream);
    server.on('request', (request, response) => {
      api.requests.push(`${request.method} ${request.url}`);
      if (!api.fault?.(request, response)) api.passOn(request, response);
    });
    await new Promise<void>((resolve) =>
      server.listen(0, '127.0.0.1', resolve),
    );
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  passOn(request: IncomingMessage, response: ServerResponse): void {
    const { method, headers, url = '' } = request;
    const asked = httpsRequest(
      `${this.upstream}${url}`,
      { method, headers, rejectUnauthorized: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      },
    );
    asked.on('error', () => response.destroy());
    response.on('close', () => asked.destroy());
    request.pipe(asked);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
