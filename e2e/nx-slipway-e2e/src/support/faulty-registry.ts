import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Answers a request in place of the registry, or not.
 * @returns whether it did; else the registry is asked
 */
export type Fault = (
  request: IncomingMessage,
  response: ServerResponse,
) => boolean;

/**
 * A registry that passes on what it is asked to a real one, but for what a
 * fault answers. Each repository may have a fault of its own, so that builds
 * of several meet theirs side by side.
 */
export class FaultyRegistry {
  /** `METHOD PATH` of each request, with its query. */
  readonly requests: string[] = [];
  private readonly faults = new Map<string, Fault>();

  private constructor(private readonly server: Server) {}

  /** @param upstream `host:port`, of HTTP */
  static async start(upstream: string): Promise<FaultyRegistry> {
    const server = createServer();
    const registry = new FaultyRegistry(server);
    server.on('request', (request, response) => {
      const { method, url = '' } = request;
      registry.requests.push(`${method} ${url}`);
      const repository = /^\/v2\/(.+?)\/(?:manifests|blobs)\//.exec(url)?.[1];
      const fault = registry.faults.get(repository ?? '');
      if (!fault?.(request, response)) passOn(upstream, request, response);
    });
    await new Promise<void>((resolve) =>
      server.listen(0, '127.0.0.1', resolve),
    );
    return registry;
  }

  get host(): string {
    return `localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param fault in place of the one that it has; undefined: it is healed */
  setFault(repository: string, fault: Fault | undefined): void {
    if (fault) this.faults.set(repository, fault);
    else this.faults.delete(repository);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

/** The host stays what the client asked for: Location headers are made of it. */
function passOn(
  upstream: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method, url, headers } = request;
  const { hostname, port } = new URL(`http://${upstream}`);
  const asked = httpRequest({ hostname, port, method, path: url, headers });
  asked.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  // Whichever side goes, the other is told by the end of its connection.
  asked.on('error', () => response.destroy());
  response.on('close', () => asked.destroy());
  request.pipe(asked);
}

/** A registry's own way to say no. */
export function refusal(status: number, code: string, message: string): Fault {
  const body = JSON.stringify({ errors: [{ code, message, detail: {} }] });
  return (request, response) => {
    // Read to its end: a client that still sends would see a reset.
    request.resume().on('end', () =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        // A HEAD's answer has no body; Node leaves it out.
        .end(body),
    );
    return true;
  };
}

/** Hangs up when so many bytes of a request have come, or all of it. */
export function hangUpAfter(bytes: number): Fault {
  return (request) => {
    let got = 0;
    request.on('data', (chunk: Buffer) => {
      got += chunk.length;
      if (got >= bytes) request.socket.destroy();
    });
    request.on('end', () => request.socket.destroy());
    return true;
  };
}

/**
 * Answers nothing, ever.
 * @returns `reached` resolves when a request has come
 */
export function hold(): { fault: Fault; reached: Promise<void> } {
  let reach: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const fault: Fault = (request) => {
    request.resume();
    reach();
    return true;
  };
  return { fault, reached };
}

/** A blob of another repository is not taken over, but has to be sent. */
export const refuseMounts: Fault = (request) => {
  request.url = request.url?.replace(/\?.*\bmount=.*/, '');
  return false;
};

/** A fault for some requests only. @param pattern of `METHOD PATH` */
export function on(pattern: RegExp, fault: Fault): Fault {
  return (request, response) =>
    pattern.test(`${request.method} ${request.url}`) &&
    fault(request, response);
}

/** A fault that is over when it has happened once. */
export function once(fault: Fault): Fault {
  let isOver = false;
  return (request, response) => {
    if (isOver) return false;
    isOver = fault(request, response);
    return isOver;
  };
}
