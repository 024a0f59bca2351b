import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useCertificate } from './testing/certificate';
import { useClients } from './testing/connect';
import { useServers, type Answering } from './testing/servers';

const BLOB = Buffer.from('{"rootfs":{}}');
const DIGEST = `sha256:${createHash('sha256').update(BLOB).digest('hex')}`;

const serve = useServers();
const connect = useClients();
const certificate = useCertificate();

const blob: RequestListener = (_request, response) => response.end(BLOB);
const to =
  (location: string, status = 307): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { location }).end('moved');

const login = {
  credentialsFor: () =>
    Promise.resolve({
      kind: 'basic',
      username: 'user',
      password: 'password-1',
      source: 'a test',
    } as const),
  forget: () => undefined,
};

/** Lets nobody in without a header. */
const guarded =
  (answer: RequestListener): RequestListener =>
  (request, response) =>
    request.headers.authorization
      ? answer(request, response)
      : response.writeHead(401, { 'www-authenticate': 'Basic' }).end();

const authorizations = ({ got }: Answering) =>
  got.map(({ headers }) => headers.authorization);

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('of HTTP %s is followed', async (code) => {
    const storage = await serve(blob);
    const { host } = await serve(to(`http://${storage.host}/b?sig=1`, code));
    expect(await connect(host).getBlob('x', DIGEST)).toEqual(BLOB);
    expect(storage.lines).toEqual(['GET /b?sig=1']);
  });

  it('takes no credentials to another host', async () => {
    const storage = await serve(blob);
    const registry = await serve(guarded(to(`http://${storage.host}/b`)));
    const client = connect(registry.host, { credentials: login });
    expect(await client.getBlob('x', DIGEST)).toEqual(BLOB);
    expect(await client.getBlob('x', DIGEST)).toEqual(BLOB);
    expect(authorizations(storage)).toEqual([undefined, undefined]);
    expect(authorizations(registry)[1]).toMatch(/^Basic /);
  });

  it('takes no credentials to another host and back', async () => {
    const registry = await serve(() => undefined);
    const storage = await serve(to(`http://${registry.host}/back`));
    registry.answer = (request, response) =>
      request.url === '/back'
        ? blob(request, response)
        : guarded(to(`http://${storage.host}/b`))(request, response);
    const client = connect(registry.host, { credentials: login });
    expect(await client.getBlob('x', DIGEST)).toEqual(BLOB);
    expect(registry.lines.at(-1)).toBe('GET /back');
    expect(authorizations(registry).at(-1)).toBeUndefined();
  });

  it('keeps credentials on the same host', async () => {
    const registry = await serve(
      guarded((request, response) =>
        request.url === '/b'
          ? blob(request, response)
          : to('/b')(request, response),
      ),
    );
    const client = connect(registry.host, { credentials: login });
    expect(await client.getBlob('x', DIGEST)).toEqual(BLOB);
    expect(authorizations(registry).at(-1)).toMatch(/^Basic /);
  });

  it('goes nowhere from https to http', async () => {
    const storage = await serve(blob);
    const { host } = await serve(
      guarded(to(`http://${storage.host}/b`)),
      certificate(),
    );
    const { caFile } = certificate();
    await expect(
      connect(host, { credentials: login, caFile }).getBlob('x', DIGEST),
    ).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_FAILED', /from https to http/),
    );
    expect(storage.lines).toEqual([]);
  });

  it('to a server that wants credentials gets it none', async () => {
    const storage = await serve(guarded(blob));
    const { host } = await serve(to(`http://${storage.host}/b`));
    const error = await errorOf(
      connect(host, { credentials: login }).getBlob('x', DIGEST),
    );
    expect(error.message).toContain(`${storage.host} answered HTTP 401`);
    expect(authorizations(storage)).toEqual([undefined]);
  });

  it('is followed five times at most', async () => {
    let left = 5;
    const { host } = await serve((request, response) => {
      left -= 1;
      (left < 0 ? blob : to(`/${left}`))(request, response);
    });
    expect(await connect(host).getBlob('x', DIGEST)).toEqual(BLOB);
    const endless = await serve(to('/again'));
    await expect(connect(endless.host).getBlob('x', DIGEST)).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_FAILED', /redirects without end/),
    );
    expect(endless.lines).toHaveLength(6);
  });

  it.each([
    ['to nowhere', ''],
    ['to no URL', 'http://['],
    ['to a file', 'file:///etc/passwd'],
  ])('%s is a fault', async (_where, location) => {
    const { host } = await serve(to(location));
    await expect(connect(host).getBlob('x', DIGEST)).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_FAILED', /it redirects to/),
    );
  });
});

describe('an upload', () => {
  it('takes neither the blob nor credentials to another host', async () => {
    const elsewhere = await serve(blob);
    const { host } = await serve(
      guarded(to(`http://${elsewhere.host}/upload`, 202)),
    );
    await expect(
      connect(host, { credentials: login }).putBlob('x', BLOB),
    ).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_FAILED', /wants blobs to be sent to/),
    );
    expect(elsewhere.lines).toEqual([]);
  });
});
