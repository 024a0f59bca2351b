import {
  createServer as createHttpServer,
  type Server as HttpServer,
} from 'node:http';
import { createServer as createHttpsServer, type Server } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { useTempFolder } from '../testing/temp-folder';
import { openCluster } from './cluster';
import { selfSigned } from './testing/certificate';
import { kubeconfig } from './testing/kubeconfig';

const folder = useTempFolder();
const BODY = { data: { text: 'ä'.repeat(50_000) } };

interface Write {
  readonly authorization?: string;
  /** Of the client's certificate. */
  readonly name?: unknown;
  readonly body: string;
}

/** An API server over TLS, and what it was sent. */
let api: Server;
let writes: Write[];
/** Which Authorization it lets in; undefined: any. */
let accepted: string | undefined;

const portOf = (server: { address(): unknown }) =>
  (server.address() as AddressInfo).port;
const listen = (server: Server | HttpServer) =>
  new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

beforeEach(async () => {
  writes = [];
  accepted = undefined;
  const own = selfSigned(folder.path, 'api');
  const client = selfSigned(folder.path, 'client');
  api = createHttpsServer(
    { ...own, ca: client.cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const { authorization } = request.headers;
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      const name = (subject as { CN?: unknown } | undefined)?.CN;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        writes.push({ authorization, name, body });
        const isIn = accepted === undefined || authorization === accepted;
        response.writeHead(isIn ? 201 : 401).end('{}');
      });
    },
  );
  await listen(api);
});
afterEach(() => {
  api.closeAllConnections();
  api.close();
});

const config = (user: Record<string, unknown>, proxy?: string) =>
  kubeconfig({
    server: `https://127.0.0.1:${portOf(api)}`,
    clusterFields: {
      'certificate-authority': 'api.crt',
      ...(proxy !== undefined && { 'proxy-url': proxy }),
    },
    user,
  });

async function write(files = ['config']) {
  const KUBECONFIG = files.map((file) => folder.at(file)).join(':');
  const cluster = await openCluster({
    context: 'kind-test',
    namedInOption: true,
    allowContexts: [],
    env: { KUBECONFIG, PATH: process.env.PATH },
    homedir: folder.path,
  });
  const patch = () =>
    cluster.request({ method: 'PATCH', path: '/a', body: BODY });
  return { patch, status: (await patch()).status };
}

describe('a write', () => {
  const text = JSON.stringify(BODY);

  it('goes with a client certificate', async () => {
    const user = {
      'client-certificate': 'client.crt',
      'client-key': 'client.key',
    };
    await folder.write({ config: config(user) });
    expect((await write()).status).toBe(201);
    expect(writes).toEqual([{ name: 'client', body: text }]);
  });

  it('goes by several kubeconfigs, the user in another than the context', async () => {
    const whole = JSON.parse(config({ token: 'token-one' })) as object;
    await folder.write({
      first: JSON.stringify({ ...whole, users: [] }),
      second: JSON.stringify({ ...whole, clusters: [], contexts: [] }),
    });
    expect((await write(['none', 'first', 'second'])).status).toBe(201);
    expect(writes).toEqual([{ authorization: 'Bearer token-one', body: text }]);
  });

  it('is sent again, whole, when its token has expired', async () => {
    await folder.write({
      config: config({ tokenFile: 'token' }),
      token: 'one',
    });
    const { patch } = await write();
    await folder.write({ token: 'two' });
    accepted = 'Bearer two';
    expect((await patch()).status).toBe(201);
    expect(writes).toEqual(
      ['one', 'one', 'two'].map((token) => ({
        authorization: `Bearer ${token}`,
        body: text,
      })),
    );
  });

  it('goes with what a credential plugin gives, which is asked again when that is refused', async () => {
    await folder.script(
      'plugin',
      [
        '#!/bin/sh',
        `echo run >> '${folder.at('runs')}'`,
        `n=$(wc -l < '${folder.at('runs')}' | tr -d ' ')`,
        `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"run-'$n'"}}'`,
      ].join('\n'),
    );
    const apiVersion = 'client.authentication.k8s.io/v1';
    const exec = { apiVersion, command: './plugin' };
    await folder.write({ config: config({ exec }) });
    accepted = 'Bearer run-2';
    expect((await write()).status).toBe(201);
    expect(writes.map(({ authorization }) => authorization)).toEqual([
      'Bearer run-1',
      'Bearer run-2',
    ]);
    expect(writes[1]?.body).toBe(text);
  });

  it('goes through a proxy, over a connection that is kept', async () => {
    const asked: (string | undefined)[] = [];
    const tunnels: Socket[] = [];
    const proxy = createHttpServer();
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(request.url);
      const tunnel = connect(portOf(api), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        tunnel.pipe(socket).pipe(tunnel);
      });
      tunnels.push(tunnel, socket);
      for (const one of [tunnel, socket]) one.on('error', () => one.destroy());
    });
    await listen(proxy);
    const url = `http://127.0.0.1:${portOf(proxy)}`;
    await folder.write({ config: config({ token: 'token-one' }, url) });
    const { patch, status } = await write();
    expect([status, (await patch()).status]).toEqual([201, 201]);
    expect(asked).toEqual([`127.0.0.1:${portOf(api)}`]);
    expect(writes.map(({ body }) => body)).toEqual([text, text]);
    for (const one of tunnels) one.destroy();
    proxy.close();
  });
});
