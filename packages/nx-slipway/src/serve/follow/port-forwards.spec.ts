import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { kubeconfig } from '../../cluster/testing/kubeconfig';
import { openIn } from '../../cluster/testing/open-cluster';
import { PortServer } from '../../cluster/testing/port-server';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import type { PortForwardEvent } from '../events';
import type { Forward } from './forwards-of';
import { PortForwards } from './port-forwards';
import { servedPod, type GivenPod } from './testing/pods';

const folder = useTempFolder();
/** Milliseconds. */
const DEADLINES = { hold: 10_000, pause: 20, retry: 50 };

/** What a client says of a connection that was closed before an answer. */
const CLOSED = /socket hang up|ECONNRESET/;

let api: PortServer;
let events: PortForwardEvent[];
let forwards: PortForwards;
const ends: (() => unknown)[] = [];

beforeEach(async () => {
  api = await PortServer.start();
  await folder.write({
    config: kubeconfig({ server: `http://${api.host}`, user: { token: 'x' } }),
  });
  events = [];
  await start();
});
afterEach(async () => {
  await forwards.close();
  await api.stop();
  for (const end of ends.splice(0)) end();
});

async function start(deadlines: Partial<typeof DEADLINES> = {}) {
  const cluster = await openIn(folder);
  forwards = new PortForwards({
    ...{ project: 'shop', cluster, onEvent: (event) => events.push(event) },
    deadlines: { ...DEADLINES, ...deadlines },
  });
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function listening(server: Server, port = 0, host = '127.0.0.1') {
  server.listen(port, host);
  await once(server, 'listening');
  ends.push(() => server.close());
  return portOf(server);
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** A program in a pod that says its name to whoever asks. */
async function program(name: string) {
  const server = http.createServer((_request, response) => response.end(name));
  // It is not the one that ends a connection.
  server.keepAliveTimeout = 0;
  ends.push(() => server.closeAllConnections());
  return listening(server);
}

/** Pods of the Deployment web, by name, and the ports of their programs. */
function pods(programs: Readonly<Record<string, number>>) {
  api.portOf = (pod) => programs[pod] ?? 1;
  return (...given: readonly GivenPod[]) => given.map(servedPod);
}

async function open(...given: readonly GivenPod[]) {
  const port = await freePort();
  const option: Forward[] = [{ object: 'deployment/web', port }];
  const update = (...now: readonly GivenPod[]) =>
    forwards.update(option, { pods: now.map(servedPod), services: [] });
  update(...given);
  await eventually('a word', () => events.length > 0);
  return { port, option, update };
}

const states = () =>
  events.map(({ state, pod = '' }) => `${state} ${pod}`.trim());

function get(port: number, options: http.RequestOptions = {}) {
  return new Promise<string>((resolve, reject) => {
    http
      .get(
        { port, host: '127.0.0.1', agent: false, ...options },
        (response) => void text(response).then(resolve, reject),
      )
      .on('error', reject);
  });
}

describe('a port-forward', () => {
  it('leads to the newest ready pod, from both addresses of localhost', async () => {
    pods({ old: await program('old'), new: await program('new') });
    const { port, update } = await open({ name: 'old', isNewest: false });
    expect(await get(port)).toBe('old');
    update({ name: 'old', isNewest: false }, { name: 'new' });
    expect(await get(port)).toBe('new');
    expect(await get(port, { host: '::1' })).toBe('new');
    expect(events).toEqual([
      {
        ...{ type: 'port-forward', project: 'shop', object: 'deployment/web' },
        ...{ url: `http://localhost:${port}`, state: 'open', pod: 'old' },
      },
      expect.objectContaining({ state: 'open', pod: 'new' }),
    ]);
    expect(forwards.status).toEqual([
      {
        ...{ project: 'shop', object: 'deployment/web', pod: 'new' },
        url: `http://localhost:${port}`,
      },
    ]);
  });

  it('listens at no other address', async () => {
    pods({ web: await program('web') });
    const { port } = await open({ name: 'web' });
    const others = await listening(net.createServer(), port, '127.0.0.2');
    expect(others).toBe(port);
  });

  it('holds a connection until there is a pod', async () => {
    pods({ web: await program('web') });
    const { port, update } = await open();
    const answer = get(port);
    expect(states()).toEqual(['waiting']);
    update({ name: 'web', isReady: false });
    update({ name: 'web' });
    expect(await answer).toBe('web');
    expect(states()).toEqual(['waiting', 'open web']);
  });

  it('holds it no longer than it may', async () => {
    await start({ hold: 50 });
    const { port } = await open();
    await expect(get(port)).rejects.toThrow(CLOSED);
  });

  it('holds it until a program listens, which a pod without probe is ready before', async () => {
    const later = await freePort();
    pods({ web: later });
    const { port } = await open({ name: 'web' });
    const answer = get(port);
    await eventually('two tries', () => api.asked.length > 1);
    const server = http.createServer((_request, response) =>
      response.end('up'),
    );
    await listening(server, later);
    expect(await answer).toBe('up');
    expect(states()).toEqual(['open web']);
  });

  it('tells that nothing listens there, until something does', async () => {
    await start({ hold: 50 });
    const later = await freePort();
    pods({ web: later });
    const { port } = await open({ name: 'web' });
    await expect(get(port)).rejects.toThrow(CLOSED);
    expect(states()).toEqual(['open web', 'failed web']);
    expect(events[1]?.message).toMatch(
      /^nothing listens at port \d+ of the pod web /,
    );
    const server = http.createServer((_request, response) =>
      response.end('up'),
    );
    await listening(server, later);
    expect(await get(port)).toBe('up');
    expect(states()).toEqual(['open web', 'failed web', 'open web']);
  });

  it('outlasts an API server that is away', async () => {
    pods({ web: await program('web') });
    const { port } = await open({ name: 'web' });
    let refusals = 3;
    api.refuse = () => (refusals-- > 0 ? 503 : undefined);
    expect(await get(port)).toBe('web');
    expect(states()).toEqual(['open web']);
  });

  it('says at once what is refused', async () => {
    pods({ web: await program('web') });
    const { port } = await open({ name: 'web' });
    api.refuse = () => 403;
    await expect(get(port)).rejects.toThrow(CLOSED);
    expect(events.at(-1)).toMatchObject({ state: 'failed' });
    expect(events.at(-1)?.message).toMatch(/said 403/);
    expect(api.asked).toHaveLength(1);
  });

  it('says what is wrong with it', async () => {
    const port = await freePort();
    const option = [{ object: 'deployment/web', port, containerPort: 'http' }];
    forwards.update(option, { pods: [servedPod()], services: [] });
    await eventually('a word', () => events.length > 0);
    expect(events).toMatchObject([
      {
        state: 'failed',
        message: expect.stringMatching(/a port named http$/) as string,
      },
    ]);
  });

  describe('whose pod is replaced', () => {
    /** A client that keeps its connection. */
    async function connected(port: number) {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      ends.push(() => socket.destroy());
      const ask = async () => {
        socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
        return String(((await once(socket, 'data')) as [Buffer])[0]);
      };
      const closed = new Promise((resolve) => socket.once('close', resolve));
      expect(await ask()).toMatch(/200 OK/);
      return { socket, ask, closed };
    }

    it('closes connections to one that is gone', async () => {
      pods({ old: await program('old'), new: await program('new') });
      const { port, update } = await open({ name: 'old' });
      const { closed } = await connected(port);
      update();
      await closed;
      update({ name: 'new' });
      expect(await get(port)).toBe('new');
    });

    it('closes those to one that ends when another is ready, and not before', async () => {
      pods({ old: await program('old'), new: await program('new') });
      const { port, update } = await open({ name: 'old' });
      const { ask, closed } = await connected(port);
      const ending = { name: 'old', isEnding: true, isReady: false };
      update(ending);
      expect(await ask()).toMatch(/200 OK/);
      update(ending, { name: 'new' });
      await closed;
    });

    it('lets an answer that is waited for come', async () => {
      let respond: (() => void) | undefined;
      const slow = http.createServer((_request, response) => {
        if (respond) return void response.end('at last');
        respond = () => response.end('at last');
      });
      pods({ old: await listening(slow), new: await program('new') });
      const { port, update } = await open({ name: 'old' });
      const answer = get(port);
      await eventually('the question', () => respond);
      update({ name: 'old', isEnding: true, isReady: false }, { name: 'new' });
      // Longer than a connection has to be quiet.
      await new Promise((resolve) => setTimeout(resolve, 600));
      respond?.();
      expect(await answer).toBe('at last');
    });
  });

  it('resets a client whose connection was lost, which must not take that for the end', async () => {
    const half = net.createServer((socket) => {
      socket.once('data', () => socket.write('half of it'));
    });
    pods({ web: await listening(half) });
    const { port } = await open({ name: 'web' });
    const socket = net.connect(port, '127.0.0.1');
    socket.write('x');
    await once(socket, 'data');
    const failed = once(socket, 'error');
    for (const tunnel of api.tunnels) tunnel.terminate();
    expect(((await failed) as [NodeJS.ErrnoException])[0].code).toBe(
      'ECONNRESET',
    );
    expect(states()).toEqual(['open web']);
  });

  it('gives the whole of an answer to a client that reads slowly', async () => {
    const sent = Buffer.alloc(24 * 1024 * 1024, 'x');
    const server = net.createServer((socket) => {
      socket.once('data', () => socket.end(sent));
    });
    pods({ web: await listening(server) });
    const { port } = await open({ name: 'web' });
    const socket = net.connect(port, '127.0.0.1');
    socket.write('x');
    let size = 0;
    for await (const chunk of socket) {
      size += (chunk as Buffer).length;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(size).toBe(sent.length);
  });

  it('says who has its port, and takes it as soon as it is free', async () => {
    const port = await freePort();
    const other = net.createServer();
    await listening(other, port);
    pods({ web: await program('web') });
    const option = [{ object: 'deployment/web', port }];
    const also = { object: 'deployment/web', port: await freePort() };
    forwards.update([...option, also], {
      pods: [servedPod({ name: 'web' })],
      services: [],
    });
    await eventually('both', () => events.length > 1);
    const failed = events.find(({ state }) => state === 'failed');
    expect(failed?.message).toMatch(
      new RegExp(
        `^port ${port} is taken by another port-forward of this serve`,
      ),
    );
    expect(await get(also.port)).toBe('web');
    other.close();
    await eventually('it', () => events.length > 2);
    expect(await get(port)).toBe('web');
    expect(events).toHaveLength(3);
  });

  it('is failed as well where only the other address of localhost is taken', async () => {
    const port = await freePort();
    await listening(net.createServer(), port, '::1');
    forwards.update([{ object: 'deployment/web', port }], {
      pods: [],
      services: [],
    });
    await eventually('a word', () => events.length > 0);
    expect(states()).toEqual(['failed']);
    // Nothing is left at the first.
    await listening(net.createServer(), port);
  });
});

describe('port-forwards', () => {
  it('come and go with the option, and others stay', async () => {
    pods({ web: await program('web') });
    const { port, option } = await open({ name: 'web' });
    const served = { pods: [servedPod({ name: 'web' })], services: [] };
    const added = { object: 'web', port: await freePort() };
    forwards.update([...option, added], served);
    await eventually('the second', () => events.length > 1);
    const agent = new http.Agent({ keepAlive: true });
    ends.push(() => agent.destroy());
    expect(await get(port, { agent })).toBe('web');
    // Another object at the same port.
    const other = { object: 'deployment/web', port: added.port };
    forwards.update([...option, other], served);
    await eventually('the third', () => events.length > 2);
    expect(events[2]).toMatchObject({
      state: 'open',
      object: 'deployment/web',
    });
    expect(await get(added.port)).toBe('web');
    forwards.update([other], served);
    await expect(get(port)).rejects.toThrow(/ECONNREFUSED/);
    expect(events).toHaveLength(3);
  });

  it('take a port from one that is only about to listen at it', async () => {
    const port = await freePort();
    const served = { pods: [], services: [] };
    for (let ticks = 0; ticks < 40; ticks++) {
      forwards.update([{ object: `pod/${ticks}`, port }], served);
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      if (ticks % 3 === 0)
        await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually('the last', () => events.at(-1)?.object === 'pod/39');
    expect(new Set(states())).toEqual(new Set(['waiting']));
  });

  it('are those of the Services', async () => {
    pods({ web: await program('web') });
    const port = await freePort();
    forwards.update(true, {
      pods: [servedPod({ name: 'web', labels: { app: 'web' } })],
      services: [
        {
          ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } },
          spec: { selector: { app: 'web' }, ports: [{ port }] },
        },
      ],
    });
    await eventually('a word', () => events.length > 0);
    expect(events[0]).toMatchObject({ object: 'service/web', state: 'open' });
    expect(await get(port)).toBe('web');
  });

  it('leave nothing behind when they are closed', async () => {
    const silent = net.createServer((socket) => {
      socket.on('error', () => undefined);
    });
    pods({ web: await listening(silent) });
    const { port, option, update } = await open({ name: 'web' });
    const sockets = Array.from({ length: 30 }, () =>
      net.connect(port, '127.0.0.1'),
    );
    const closed = sockets.map(
      (socket: Socket) =>
        new Promise((resolve) => {
          socket.on('error', () => undefined);
          socket.on('close', resolve);
          socket.write('x');
        }),
    );
    await eventually('tunnels', () => api.tunnels.size === 30);
    update();
    const held = net.connect(port, '127.0.0.1').on('error', () => undefined);
    await once(held, 'connect');
    await forwards.close();
    await Promise.all([...closed, once(held, 'close')]);
    await eventually('none', () => api.tunnels.size === 0);
    await listening(net.createServer(), port);
    const before = events.length;
    forwards.update(option, { pods: [], services: [] });
    expect(events).toHaveLength(before);
  });
});
