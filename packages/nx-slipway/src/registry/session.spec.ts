import type { RequestListener } from 'node:http';
import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { parseReference } from '../image';
import { eventually } from '../testing/wait';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useClients } from './testing/connect';
import { listen, useServers } from './testing/servers';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const serve = useServers();
const connect = useClients();

const ok: RequestListener = (_request, response) =>
  response.writeHead(200, { 'docker-content-digest': DIGEST }).end();

/** The answers one after the other, the last one again and again. */
function inTurn(...answers: RequestListener[]): RequestListener {
  let at = 0;
  return (request, response) => {
    const answer = answers[Math.min(at, answers.length - 1)];
    at += 1;
    answer?.(request, response);
  };
}

const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, headers).end();
const hangUp: RequestListener = (request) => request.socket.destroy();

describe('a registry with a bad moment', () => {
  it.each([429, 500, 502, 503, 504])(
    'is asked again after HTTP %s',
    async (code) => {
      const { host, lines } = await serve(inTurn(status(code), ok));
      const client = connect(host);
      expect((await client.headManifest('x', '1'))?.digest).toBe(DIGEST);
      expect(lines).toHaveLength(2);
      expect(client.waits).toEqual([300]);
      expect(client.warnings).toEqual([]);
    },
  );

  it.each([400, 404, 405, 418])(
    'is not asked again after HTTP %s',
    async (code) => {
      const { host, lines } = await serve(status(code));
      const client = connect(host);
      await client.getBlob('x', DIGEST).catch(() => undefined);
      expect(client.waits).toEqual([]);
      expect(lines).toHaveLength(1);
    },
  );

  it('gives up after four attempts', async () => {
    const { host, lines } = await serve(status(503));
    await expect(connect(host).headManifest('x', '1')).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_FAILED', /HTTP 503 for x/),
    );
    expect(lines).toHaveLength(4);
  });

  it('says that it waits where it has to wait long', async () => {
    const busy = status(429, { 'retry-after': '7' });
    const { host } = await serve(inTurn(busy, ok));
    const client = connect(host);
    await client.headManifest('x', '1');
    expect(client.waits).toEqual([7000]);
    expect(client.warnings).toEqual([
      `the registry ${host} answered HTTP 429 for x. Trying again in 7.0s.`,
    ]);
  });

  it('may hang up, before the answer and within it', async () => {
    const half: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    const whole: RequestListener = (_request, response) => response.end('{}');
    const { host } = await serve(inTurn(hangUp, half, whole));
    const client = connect(host);
    const found = await client.getManifest('x', '1');
    expect(found?.bytes.toString()).toBe('{}');
    expect(client.waits).toEqual([300, 900]);
  });

  it('that hangs up each time does not answer', async () => {
    const { host } = await serve(hangUp);
    await expect(connect(host).headManifest('x', '1')).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_UNREACHABLE'),
    );
  });

  it('is waited for when it was there before', async () => {
    const server = await serve(ok);
    const client = connect(server.host);
    await client.headManifest('x', '1');
    await server.close();
    await expect(client.headManifest('x', '1')).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_UNREACHABLE', /ECONNREFUSED/),
    );
    expect(client.waits).toHaveLength(3);
  });

  it('gets a blob again from its beginning', async () => {
    const begin: RequestListener = (_request, response) =>
      response
        .writeHead(202, { location: '/v2/x/blobs/uploads/1?_state=a' })
        .end();
    const server = await serve(inTurn(begin, hangUp, begin, status(201)));
    await connect(server.host).putBlob('x', Buffer.from('blob'));
    expect(server.lines.map((line) => line.split('?')[0])).toEqual([
      'POST /v2/x/blobs/uploads/',
      'PUT /v2/x/blobs/uploads/1',
      'POST /v2/x/blobs/uploads/',
      'PUT /v2/x/blobs/uploads/1',
    ]);
    expect(server.got[3]?.line).toMatch(
      /\?_state=a&digest=sha256%3A[0-9a-f]{64}$/,
    );
    expect(server.got[3]?.body.toString()).toBe('blob');
  });
});

const sockets: Socket[] = [];
const raws: Server[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of raws.splice(0)) server.close();
});

/** A server that speaks whatever it likes. @returns its port */
async function serveRaw(speak: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    // A client that leaves is no fault here.
    socket.on('error', () => undefined);
    speak(socket);
  });
  raws.push(server);
  await listen(server);
  return (server.address() as AddressInfo).port;
}

describe('a registry that is slow', () => {
  it('is given up when no answer comes', async () => {
    const { host } = await serve(() => undefined);
    const client = connect(host, { idleTimeout: 200 });
    await expect(client.headManifest('x', '1')).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_UNREACHABLE', /no answer within 0.2 s/),
    );
    expect(client.waits).toEqual([]);
  });

  it('is given up when an answer does not go on', async () => {
    const { host } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('x');
    });
    await expect(
      connect(host, { idleTimeout: 200 }).getManifest('x', '1'),
    ).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_UNREACHABLE', /did not go on for 0.2 s/),
    );
  });

  it('is given up when it drips', async () => {
    const { host } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100000' });
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    await expect(
      connect(host, { totalTimeout: 500 }).getManifest('x', '1'),
    ).rejects.toEqual(
      slipwayError(
        'SLIPWAY_E_REGISTRY_UNREACHABLE',
        /no whole answer in 0.5 s/,
      ),
    );
  });

  it('is given up when it takes no connection to its end', async () => {
    const port = await serveRaw(() => undefined);
    // TLS begins, and nothing comes back.
    await expect(
      connect(`0.0.0.0:${port}`, { idleTimeout: 200 }).headManifest('x', '1'),
    ).rejects.toEqual(
      slipwayError(
        'SLIPWAY_E_REGISTRY_UNREACHABLE',
        /no connection within 0.2 s/,
      ),
    );
  });

  it('is left at once when the run is cancelled', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const client = connect(server.host, { signal: controller.signal });
    const work = errorOf(client.headManifest('x', '1'));
    await eventually('the request', () => server.lines.length > 0);
    controller.abort();
    expect((await work).code).toBe('SLIPWAY_E_CANCELLED');
    const later = await errorOf(client.headManifest('x', '1'));
    expect(later.code).toBe('SLIPWAY_E_CANCELLED');
    expect(server.lines).toHaveLength(1);
  });

  it('is left at once in a wait, and in a helper, too', async () => {
    const { host } = await serve(status(503, { 'retry-after': '30' }));
    const controller = new AbortController();
    const { signal } = controller;
    const waiting = connect(host, { signal, sleep: undefined });
    const work = errorOf(waiting.headManifest('x', '1'));
    await eventually('the wait', () => waiting.warnings.length > 0);
    controller.abort();
    expect((await work).code).toBe('SLIPWAY_E_CANCELLED');

    const asking = await serve(status(401, { 'www-authenticate': 'Basic' }));
    const other = new AbortController();
    let isAsked = false;
    const credentials = {
      credentialsFor: () => {
        isAsked = true;
        return new Promise<undefined>(() => undefined);
      },
      forget: () => undefined,
    };
    const hanging = connect(asking.host, {
      signal: other.signal,
      credentials,
    });
    const asked = errorOf(hanging.headManifest('x', '1'));
    await eventually('the question', () => isAsked);
    other.abort();
    expect((await asked).code).toBe('SLIPWAY_E_CANCELLED');
  });
});

describe('what is no registry', () => {
  it.each(['localhost:99999', '256.1.1.1:5000', '[1:2]:5000'])(
    'is %s, which a ref may have',
    (host) => {
      const ref = parseReference(`${host}/x`);
      expect(() => connect(ref.domain)).toThrow(
        slipwayError('SLIPWAY_E_REF_INVALID', /host of no registry/),
      );
    },
  );

  it('is said to be none', async () => {
    const port = await serveRaw((socket) => {
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    const error = await errorOf(
      connect(`127.0.0.1:${port}`).headManifest('x', '1'),
    );
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_FAILED');
    expect(error.message).toMatch(/speaks no HTTP/);
  });
});
