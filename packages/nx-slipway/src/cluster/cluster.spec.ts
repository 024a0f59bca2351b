import { createServer as createHttpsServer, type Server } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { useHttpServer } from '../testing/http-server';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import type { OpenCluster } from './cluster';
import { selfSigned } from './testing/certificate';
import { kubeconfig } from './testing/kubeconfig';
import { answersOf, json, openIn } from './testing/open-cluster';

const folder = useTempFolder();
const server = useHttpServer();
const API = '/api/v1/nodes';

const open = (options?: Partial<OpenCluster>) => openIn(folder, options);

const writeConfig = (host: string, token = 'token-one') =>
  folder.write({
    config: kubeconfig({ server: `http://${host}`, user: { token } }),
  });

const answerWith = answersOf(server);

beforeEach(() => writeConfig(server.host));

describe('an open cluster', () => {
  it('answers what the API answers', async () => {
    server.answer = (_request, response) => json(response, { items: [1] });
    const cluster = await open();
    expect(cluster.context).toBe('kind-test');
    expect(cluster.server).toBe(`http://${server.host}`);
    expect(await cluster.get(API)).toEqual({ items: [1] });
    expect(server.requests).toEqual([`GET ${API}`]);
  });

  it('says the version of the API server', async () => {
    server.answer = (_request, response) =>
      json(response, { gitVersion: 'v1.34.4' });
    const cluster = await open();
    expect(await cluster.version()).toBe('v1.34.4');
    expect(server.requests).toEqual(['GET /version']);
  });

  it('asks below the path of the server', async () => {
    answerWith();
    await writeConfig(`${server.host}/k8s/clusters/c-1/`);
    await (await open()).get(API);
    expect(server.requests).toEqual([`GET /k8s/clusters/c-1${API}`]);
  });

  it('keeps its connection', async () => {
    const ports = new Set<number | undefined>();
    server.answer = (request, response) => {
      ports.add(request.socket.remotePort);
      json(response, {});
    };
    const cluster = await open();
    for (let i = 0; i < 3; i++) await cluster.get(API);
    expect(ports.size).toBe(1);
  });

  it('has nothing where the API has nothing', async () => {
    answerWith(404, 404);
    const cluster = await open();
    expect(await cluster.get(API)).toBeUndefined();
    expect(await cluster.getIfPermitted(API)).toBeUndefined();
  });

  it('tells forbidden from absent only where that matters', async () => {
    answerWith(403, 403);
    const cluster = await open();
    expect(await cluster.getIfPermitted(API)).toBeUndefined();
    await expect(cluster.get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED', /said 403 \(HTTP 403\)/),
    );
  });

  it.each([429, 500, 503])('asks again after a %s', async (status) => {
    answerWith(status);
    const cluster = await open();
    expect(await cluster.get(API)).toBeDefined();
    expect(server.requests).toHaveLength(2);
  });

  it('asks again when the server says when', async () => {
    let first = true;
    server.answer = (_request, response) => {
      if (first) response.setHeader('retry-after', '0');
      json(response, {}, first ? 429 : 200);
      first = false;
    };
    expect(await (await open()).get(API)).toBeDefined();
  });

  it('asks again when the connection is reset, before and in an answer', async () => {
    let count = 0;
    server.answer = (_request, response) => {
      count++;
      if (count === 1) response.socket?.resetAndDestroy();
      else if (count === 2) {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{', () => response.socket?.destroy());
      } else json(response, { items: [] });
    };
    expect(await (await open()).get(API)).toEqual({ items: [] });
    expect(server.requests).toHaveLength(3);
  });

  it('gives up on a fault that stays', async () => {
    answerWith(503, 503, 503, 503);
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_FAILED', /HTTP 503 to GET .*said 503/),
    );
    expect(server.requests).toHaveLength(3);
  });

  it('shows what the API said in one line, without control characters', async () => {
    const message = 'no\u001b[31m\nsuch thing';
    server.answer = (_request, response) => json(response, { message }, 400);
    const error = await errorOf((await open()).get(API));
    expect(error.message).toContain('no [31m such thing');
  });

  it('follows no redirect', async () => {
    server.answer = (_request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_FAILED', /HTTP 302/),
    );
  });

  it('refuses an answer that is no JSON', async () => {
    server.answer = (_request, response) => response.end('<html>');
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_FAILED', /no JSON to GET/),
    );
  });

  it('says where nothing answers', async () => {
    const { host } = server;
    const cluster = await open();
    await server.close();
    await expect(cluster.get(API)).rejects.toEqual(
      slipwayError(
        'SLIPWAY_E_CLUSTER_UNREACHABLE',
        new RegExp(`"kind-test".*http://${host} \\(ECONNREFUSED\\)`),
      ),
    );
  });

  it.each(['headers', 'body'])(
    'waits no longer than its deadline for %s',
    async (part) => {
      server.answer = (_request, response) => {
        if (part === 'body') response.writeHead(200).write('{');
      };
      const cluster = await open({ deadlines: { request: 200 } });
      await expect(cluster.get(API)).rejects.toEqual(
        slipwayError('SLIPWAY_E_CLUSTER_UNREACHABLE', /no answer in 0\.2 s/),
      );
    },
  );

  it('stops at once when the run is cancelled', async () => {
    const abort = new AbortController();
    server.answer = () => abort.abort();
    const cluster = await open({ signal: abort.signal });
    await expect(cluster.get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CANCELLED'),
    );
    await expect(cluster.get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CANCELLED'),
    );
  });

  it('shows no token that a server echoes', async () => {
    server.answer = (request, response) =>
      json(response, { message: request.headers.authorization }, 400);
    const error = await errorOf((await open()).get(API));
    expect(error.message).toContain('Bearer ***');
    expect(error.message).not.toContain('token-one');
  });

  it('refuses plain HTTP that the kubeconfig does not ask for', async () => {
    const given = { server: `http://${server.host}`, clusterFields: {} };
    await folder.write({ config: kubeconfig(given) });
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /HTTP protocol is not allowed/),
    );
  });
});

describe('the guard of a cluster', () => {
  it('stands before the first request', async () => {
    const given = { context: 'prod', server: `http://${server.host}` };
    await folder.write({ config: kubeconfig(given) });
    await expect(open({ context: 'prod' })).rejects.toEqual(
      slipwayError('SLIPWAY_E_CONTEXT_NOT_ALLOWED', /"prod"/),
    );
    expect(server.requests).toEqual([]);
  });

  it('lets a context through that is named', async () => {
    answerWith();
    const given = { context: 'prod', server: `http://${server.host}` };
    await folder.write({ config: kubeconfig(given) });
    for (const named of [
      { namedInOption: true },
      { allowContexts: ['prod'] },
    ]) {
      const cluster = await open({ context: 'prod', ...named });
      expect(await cluster.get(API)).toBeDefined();
    }
  });
});

describe('a frozen context', () => {
  it('stays with its server when the file leads elsewhere', async () => {
    const other = createTcpServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    const statuses = [200, 401, 200];
    server.answer = (_request, response) =>
      json(response, {}, statuses.shift());
    const cluster = await open();
    await writeConfig(`127.0.0.1:${port}`, 'token-two');
    await cluster.get(API);
    // Its credentials are read again, and nothing else.
    await cluster.get(API);
    expect(server.requests).toHaveLength(3);
    await new Promise((done) => other.close(done));
  });

  it('stays with its CA when the file holds another', async () => {
    const [mine, other] = ['mine', 'other'].map((name) =>
      selfSigned(folder.path, name),
    ) as [ReturnType<typeof selfSigned>, ReturnType<typeof selfSigned>];
    const tls = await listen(
      createHttpsServer(mine, (_request, response) => {
        json(response, {});
      }),
    );
    const given = {
      server: `https://127.0.0.1:${(tls.address() as AddressInfo).port}`,
      clusterFields: { 'certificate-authority': 'ca.crt' },
      user: { token: 'token-one' },
    };
    await folder.write({ config: kubeconfig(given), 'ca.crt': mine.cert });
    const trusting = await open();
    await folder.write({ 'ca.crt': other.cert });
    expect(await trusting.get(API)).toEqual({});
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_UNREACHABLE', /SELF_SIGNED|UNABLE_TO/),
    );
    tls.closeAllConnections();
    tls.close();
  });

  it('goes by tls-server-name, and without a user too', async () => {
    const mine = selfSigned(folder.path, 'api.inside');
    const names: unknown[] = [];
    const tls = await listen(
      createHttpsServer(mine, (request, response) => {
        names.push((request.socket as { servername?: unknown }).servername);
        json(response, {});
      }),
    );
    const given = {
      server: `https://127.0.0.1:${(tls.address() as AddressInfo).port}`,
      clusterFields: {
        'certificate-authority-data': Buffer.from(mine.cert).toString('base64'),
        'tls-server-name': 'api.inside',
      },
    };
    await folder.write({ config: kubeconfig(given) });
    expect(await (await open()).get(API)).toEqual({});
    expect(names).toEqual(['api.inside']);
    tls.closeAllConnections();
    tls.close();
  });

  it('goes through its proxy, whose password stays hidden', async () => {
    const asked: string[] = [];
    const proxy = createTcpServer((socket) => {
      socket.once('data', (data) => {
        asked.push(data.toString());
        socket.end('HTTP/1.1 407 No\r\n\r\n');
      });
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const { port } = proxy.address() as AddressInfo;
    const given = {
      server: 'https://api.inside:6443',
      clusterFields: {
        'proxy-url': `http://me:proxy-password@127.0.0.1:${port}`,
      },
    };
    await folder.write({ config: kubeconfig(given) });
    const secrets: string[] = [];
    const onSecret = (value: string) => secrets.push(value);
    const cluster = await open({ namedInOption: true, onSecret });
    const error = await errorOf(cluster.get(API));
    expect(error).toEqual(slipwayError('SLIPWAY_E_CLUSTER_UNREACHABLE', /407/));
    expect(asked[0]).toMatch(/^CONNECT api\.inside:6443 /);
    expect(error.message).not.toContain('proxy-password');
    expect(secrets).toEqual(['proxy-password']);
    proxy.close();
  });

  it('waits no longer than its deadline for a proxy that hangs', async () => {
    const proxy = createTcpServer();
    const sockets: { destroy(): void }[] = [];
    proxy.on('connection', (socket) => sockets.push(socket));
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const { port } = proxy.address() as AddressInfo;
    const given = {
      server: 'https://api.inside:6443',
      clusterFields: { 'proxy-url': `http://127.0.0.1:${port}` },
    };
    await folder.write({ config: kubeconfig(given) });
    const deadlines = { request: 200 };
    const cluster = await open({ namedInOption: true, deadlines });
    await expect(cluster.get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_UNREACHABLE', /no answer in 0\.2 s/),
    );
    await eventually('the proxy asked', () => sockets.length > 0);
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
});

async function listen(tls: Server): Promise<Server> {
  await new Promise<void>((done) => tls.listen(0, '127.0.0.1', done));
  return tls;
}
