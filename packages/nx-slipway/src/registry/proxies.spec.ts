import { createServer as createProxy, request as forward } from 'node:http';
import { connect as dial, type AddressInfo } from 'node:net';
import type { RequestListener } from 'node:http';
import { errorOf } from '../testing/slipway-error';
import { isInRangeOf, proxiesOf } from './proxies';
import { useCertificate } from './testing/certificate';
import { useClients } from './testing/connect';
import { listen, useServers } from './testing/servers';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const serve = useServers();
const connect = useClients();
const certificate = useCertificate();

const ok: RequestListener = (_request, response) =>
  response.writeHead(200, { 'docker-content-digest': DIGEST }).end();

const proxies: { close(): void }[] = [];
afterEach(() => proxies.splice(0).forEach((proxy) => proxy.close()));

/** A proxy of this machine, which keeps what it was asked for. */
async function serveProxy(refuse = false) {
  const asked: string[] = [];
  const logins: (string | undefined)[] = [];
  const proxy = createProxy((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    logins.push(request.headers['proxy-authorization']);
    const { method, headers } = request;
    forward(request.url ?? '', { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).end();
  });
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    logins.push(request.headers['proxy-authorization']);
    if (refuse) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port] = request.url?.split(':') ?? [];
    const server = dial(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      server.pipe(socket).pipe(server);
    });
    const end = () => {
      server.destroy();
      socket.destroy();
    };
    for (const side of [server, socket]) side.on('error', end).on('close', end);
  });
  await listen(proxy);
  proxies.push({
    close: () => {
      proxy.close();
      proxy.closeAllConnections();
    },
  });
  const { port } = proxy.address() as AddressInfo;
  return { asked, logins, host: `127.0.0.1:${port}` };
}

const far = ({ port }: { port: number }) => `0.0.0.0:${port}`;

describe('a proxy', () => {
  it('gets what is for a registry of HTTP', async () => {
    const proxy = await serveProxy();
    const server = await serve(ok);
    const env = { HTTP_PROXY: `http://${proxy.host}` };
    // Of HTTPS there is no proxy, so that is tried without one.
    const client = connect(far(server), { env, insecure: true });
    expect((await client.headManifest('x', '1'))?.digest).toBe(DIGEST);
    expect(proxy.asked).toEqual([
      `HEAD http://${far(server)}/v2/x/manifests/1`,
    ]);
  });

  it('lets TLS through, and is logged in to', async () => {
    const proxy = await serveProxy();
    const server = await serve(ok, certificate());
    const env = { https_proxy: `http://me:proxy-secret@${proxy.host}` };
    const { caFile } = certificate();
    const client = connect(far(server), { env, caFile });
    expect((await client.headManifest('x', '1'))?.digest).toBe(DIGEST);
    expect(proxy.asked).toEqual([`CONNECT ${far(server)}`]);
    expect(proxy.logins).toEqual([
      `Basic ${Buffer.from('me:proxy-secret').toString('base64')}`,
    ]);
    expect(server.got[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  it('gets no certificate past us', async () => {
    const proxy = await serveProxy();
    const server = await serve(ok, certificate());
    const env = { HTTPS_PROXY: proxy.host };
    const error = await errorOf(
      connect(far(server), { env }).headManifest('x', '1'),
    );
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_TLS');
    expect(proxy.asked).toEqual([`CONNECT ${far(server)}`]);
  });

  it('is not asked for loopback, nor for what NO_PROXY names', async () => {
    const server = await serve(ok);
    const nobody = 'http://127.0.0.1:1';
    const env = { HTTP_PROXY: nobody, HTTPS_PROXY: nobody };
    const near = connect(server.host, { env });
    expect((await near.headManifest('x', '1'))?.digest).toBe(DIGEST);
    const named = connect(far(server), {
      env: { ...env, NO_PROXY: 'example.com,0.0.0.0' },
      insecure: true,
    });
    expect((await named.headManifest('x', '1'))?.digest).toBe(DIGEST);
  });

  it('is not asked for an address in a range of NO_PROXY', async () => {
    const server = await serve(ok);
    const nobody = 'http://127.0.0.1:1';
    const proxied = { HTTP_PROXY: nobody, HTTPS_PROXY: nobody };
    const env = { ...proxied, NO_PROXY: '10.0.0.0/8, 0.0.0.0/8' };
    const client = connect(far(server), { env, insecure: true });
    expect((await client.headManifest('x', '1'))?.digest).toBe(DIGEST);
  });

  it('that says no is named, but not its password', async () => {
    const proxy = await serveProxy(true);
    const env = { HTTPS_PROXY: `http://me:proxy-secret@${proxy.host}` };
    const error = await errorOf(
      connect('0.0.0.0:1', { env }).headManifest('x', '1'),
    );
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_UNREACHABLE');
    expect(error.message).toMatch(/proxy does not let us through.*407/);
    expect(`${error.message}${error.hint}${String(error.cause)}`).not.toContain(
      'proxy-secret',
    );
  });

  it('that is no URL is an error without its value', async () => {
    const env = { HTTPS_PROXY: 'http://me:proxy-secret@[' };
    const error = await errorOf(
      connect('0.0.0.0:1', { env }).headManifest('x', '1'),
    );
    expect(error.message).toContain('HTTPS_PROXY is not the URL');
    expect(`${error.message}${String(error.cause)}`).not.toContain('secret');
  });
});

describe('proxiesOf', () => {
  it('takes both cases, lower case first, and what has no scheme', () => {
    expect(
      proxiesOf({
        http_proxy: 'a:1',
        HTTP_PROXY: 'b:1',
        HTTPS_PROXY: 'https://c',
        no_proxy: 'd',
      }),
    ).toEqual({ http: 'http://a:1', https: 'https://c', no: 'd' });
    expect(proxiesOf({})).toEqual({ http: '', https: '', no: '' });
  });
});

describe('isInRangeOf', () => {
  it.each([
    ['10.0.0.0/8', '10.255.1.1', true],
    ['10.1.2.3/8', '10.255.1.1', true],
    ['example.com,\t10.0.0.0/8 ,192.168.0.0/16', '192.168.3.4', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['fd00::/8', '[fd12::1]', true],
    ['10.0.0.0/8', '[::ffff:a01:203]', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['fd00::/8', '[fe80::1]', false],
    ['fd00::/8', '10.0.0.1', false],
    ['10.0.0.0/8', '10.example.com', false],
    ['10.0.0.1', '10.0.0.1', false],
    ['10.0.0.0/33,10.0.0.0/x,/8,10.0.0/8,a/8,fd00::/129', '10.0.0.1', false],
    ['', '10.0.0.1', false],
  ])('says of "%s" and %s: %s', (no, hostname, is) =>
    expect(isInRangeOf(no, hostname)).toBe(is),
  );
});
