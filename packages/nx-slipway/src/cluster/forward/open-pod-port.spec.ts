import { randomBytes } from 'node:crypto';
import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { errorOf, slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import { kubeconfig } from '../testing/kubeconfig';
import { openIn } from '../testing/open-cluster';
import { PortServer } from '../testing/port-server';
import { openPodPort } from './open-pod-port';

const folder = useTempFolder();
const MB = 1024 * 1024;

let api: PortServer;
let program: Server;
let end: AbortController;
/** What the program in the pod does with a connection. */
let serve: (socket: Socket) => void;

beforeEach(async () => {
  api = await PortServer.start();
  serve = (socket) => void socket.pipe(socket);
  program = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((done) => program.listen(0, '127.0.0.1', done));
  end = new AbortController();
  await folder.write({ config: configWith('token-one') });
});
afterEach(async () => {
  end.abort();
  await api.stop();
  program.close();
});

const configWith = (token: string) =>
  kubeconfig({ server: `http://${api.host}`, user: { token } });
const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function open(port = portOf(program)) {
  const cluster = await openIn(folder);
  const { signal } = end;
  return openPodPort(cluster, {
    namespace: 'shop',
    pod: 'web-1',
    port,
    signal,
  });
}
const gone = () => eventually('no tunnel', () => api.tunnels.size === 0);

describe('a port of a pod', () => {
  it('is reached through the API server, with the credentials of the context', async () => {
    const stream = await open();
    stream.write('hello');
    const said = await new Promise((resolve) => stream.once('data', resolve));
    expect(String(said)).toBe('hello');
    expect(api.asked).toEqual([
      {
        path: `/api/v1/namespaces/shop/pods/web-1/portforward?ports=${portOf(program)}`,
        authorization: 'Bearer token-one',
      },
    ]);
  });

  it('brings much, both ways at once, as it was sent', async () => {
    const sent = randomBytes(8 * MB);
    serve = (socket) => {
      void buffer(socket).catch(() => undefined);
      socket.end(sent);
    };
    const stream = await open();
    stream.write(sent);
    expect((await buffer(stream)).equals(sent)).toBe(true);
    await gone();
  });

  it('takes no more than the program reads, nor brings more than is read', async () => {
    let stalled: Socket | undefined;
    serve = (socket) => {
      stalled = socket.pause();
      socket.write(randomBytes(64 * MB));
    };
    const stream = await open();
    let sent = 0;
    const chunk = randomBytes(MB);
    while (stream.write(chunk) && sent < 64) sent++;
    const one = () =>
      Promise.race([
        new Promise((resolve) => stream.once('drain', () => resolve(true))),
        new Promise((resolve) => setTimeout(() => resolve(false), 300)),
      ]);
    while (sent < 64 && (await one())) {
      sent++;
      stream.write(chunk);
    }
    expect(sent).toBeLessThan(64);
    expect(stream.readableLength).toBeLessThan(2 * MB);
    expect(stalled?.bytesWritten).toBeLessThan(65 * MB);
    let got = 0;
    stream.on('data', (data: Buffer) => (got += data.length));
    stalled?.resume();
    await eventually('all of it', () => got === 64 * MB);
  });

  it('has the whole answer to what has ended', async () => {
    serve = (socket) => {
      socket.once('data', () =>
        setTimeout(() => socket.end('late answer'), 100),
      );
    };
    const stream = await open();
    stream.end('question');
    expect(await text(stream)).toBe('late answer');
    await finished(stream);
    await gone();
  });

  it('ends with an error if nothing listens there', async () => {
    const closed = createServer();
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done));
    const port = portOf(closed);
    closed.close();
    const stream = await open(port);
    expect(await errorOf(text(stream))).toEqual(
      slipwayError(
        'SLIPWAY_E_CLUSTER_FAILED',
        new RegExp(`nothing listens at port ${port} of the pod web-1`),
      ),
    );
    await gone();
  });

  it('ends with an error if the connection is lost', async () => {
    const stream = await open();
    const reading = errorOf(text(stream));
    for (const tunnel of api.tunnels) tunnel.terminate();
    expect((await reading).code).toBe('SLIPWAY_E_CLUSTER_UNREACHABLE');
  });

  it('is asked for again once credentials were refused', async () => {
    api.refuse = ({ authorization }) =>
      authorization === 'Bearer token-two' ? undefined : 401;
    const cluster = await openIn(folder);
    await folder.write({ config: configWith('token-two') });
    const opening = openPodPort(cluster, {
      ...{ namespace: 'shop', pod: 'web-1', port: portOf(program) },
      signal: end.signal,
    });
    await opening;
    expect(api.asked.map(({ authorization }) => authorization)).toEqual([
      'Bearer token-one',
      'Bearer token-two',
    ]);
  });

  it.each([
    [403, 'SLIPWAY_E_CLUSTER_REFUSED'],
    [401, 'SLIPWAY_E_CLUSTER_REFUSED'],
    [404, 'SLIPWAY_E_CLUSTER_FAILED'],
  ] as const)('is none where the server says %d', async (status, code) => {
    api.refuse = () => status;
    expect(await errorOf(open())).toEqual(
      slipwayError(code, new RegExp(`portforward: said ${status}`)),
    );
  });

  it('is none where no server is, or one that says nothing', async () => {
    const { host } = api;
    const silent = createServer();
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    await folder.write({
      config: kubeconfig({
        server: `http://127.0.0.1:${portOf(silent)}`,
        user: { token: 'x' },
      }),
    });
    const slow = await openIn(folder, { deadlines: { request: 50 } });
    const place = { namespace: 'shop', pod: 'a', port: 1, signal: end.signal };
    expect((await errorOf(openPodPort(slow, place))).message).toMatch(
      /no answer in 0.05 s/,
    );
    silent.close();
    await api.stop();
    await folder.write({
      config: kubeconfig({ server: `http://${host}`, user: { token: 'x' } }),
    });
    const error = await errorOf(openPodPort(await openIn(folder), place));
    expect(error.code).toBe('SLIPWAY_E_CLUSTER_UNREACHABLE');
    api = await PortServer.start();
  });

  it('is closed by the signal, open or not yet', async () => {
    const stream = await open();
    const closed = new Promise((resolve) => stream.once('close', resolve));
    end.abort();
    await closed;
    await gone();
    expect((await errorOf(open())).code).toBe('SLIPWAY_E_CANCELLED');
  });
});
