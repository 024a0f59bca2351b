import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { makeCertificate } from '../../../../packages/nx-slipway/src/registry/testing/certificate';

interface Extension {
  /** The group that it serves. */
  readonly group: string;
  /** The group that the API server behind it serves. */
  readonly behind: string;
  /** `https://127.0.0.1:PORT` */
  readonly upstream: string;
  /** Of the API server behind it: the one in front sends no token. */
  readonly token: string;
}

/**
 * An extension API server, as an APIService names one: it serves a group by the
 * objects that a real API server keeps in another group.
 */
export class ExtensionApi {
  private constructor(private readonly server: Server) {}

  static async start(extension: Extension): Promise<ExtensionApi> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-extension-'));
    const server = createServer(makeCertificate(folder));
    await rm(folder, { recursive: true });
    server.on('request', (request, response) => {
      answer(request, response, extension).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) =>
      server.listen(0, '127.0.0.1', resolve),
    );
    return new ExtensionApi(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { group, behind, upstream, token }: Extension,
): Promise<void> {
  const { method, headers, url = '' } = request;
  const asked = httpsRequest(`${upstream}${url.replaceAll(group, behind)}`, {
    ...{ method, rejectUnauthorized: false },
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': headers['content-type'] ?? 'application/json',
    },
  });
  response.on('close', () => asked.destroy());
  asked.end((await text(request)).replaceAll(group, behind));
  const [answered] = (await once(asked, 'response')) as [IncomingMessage];
  response.writeHead(answered.statusCode ?? 502, {
    'content-type': answered.headers['content-type'] ?? 'application/json',
  });
  // Line by line: a watch tells each event in a line, and has no end.
  for await (const line of createInterface({ input: answered })) {
    response.write(`${line.replaceAll(behind, group)}\n`);
  }
  response.end();
}
