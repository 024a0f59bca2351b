import { createHash } from 'node:crypto';
import { slipwayError } from '../testing/slipway-error';
import { useClients } from './testing/connect';
import { useServers } from './testing/servers';

const BLOB = Buffer.from('{"architecture":"amd64"}');
const DIGEST = `sha256:${createHash('sha256').update(BLOB).digest('hex')}`;
const OTHER = `sha256:${'a'.repeat(64)}`;

const serve = useServers();
const connect = useClients();

const senseless = (why: RegExp) =>
  slipwayError('SLIPWAY_E_REGISTRY_FAILED', why);

describe('getBlob', () => {
  it('gives the bytes that have the digest', async () => {
    const server = await serve((_request, response) => response.end(BLOB));
    const client = connect(server.host);
    expect(await client.getBlob('acme/x', DIGEST)).toEqual(BLOB);
    expect(server.lines).toEqual([`GET /v2/acme/x/blobs/${DIGEST}`]);
    await expect(client.getBlob('acme/x', OTHER)).rejects.toEqual(
      senseless(/do not have that digest/),
    );
  });

  it('finds nothing where the registry says so', async () => {
    const { host } = await serve((_request, response) =>
      response.writeHead(404).end('{}'),
    );
    expect(await connect(host).getBlob('x', DIGEST)).toBeUndefined();
  });

  it('reads no more than 4 MiB', async () => {
    let sent = 0;
    const { host } = await serve((_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024);
      const more = () => {
        sent += 1;
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    });
    await expect(connect(host).getBlob('x', DIGEST)).rejects.toEqual(
      senseless(/with more than 4194304 bytes/),
    );
    expect(sent).toBeGreaterThan(4);
  });
});

describe('putBlob', () => {
  it.each([
    ['a path', () => '/v2/x/blobs/uploads/1'],
    [
      'a URL',
      (host: string) => `http://${host}/v2/x/blobs/uploads/1?_state=a+b%2F`,
    ],
  ])('sends the bytes to where %s points', async (_what, locationAt) => {
    const server = await serve((request, response) => {
      const location = locationAt(request.headers.host ?? '');
      if (request.method === 'POST')
        response.writeHead(202, { location }).end();
      else response.writeHead(201).end();
    });
    expect(await connect(server.host).putBlob('x', BLOB)).toBe(DIGEST);
    const [post, put] = server.got;
    expect(post?.line).toBe('POST /v2/x/blobs/uploads/');
    expect(post?.headers['content-length']).toBe('0');
    const state = locationAt('').includes('?') ? '_state=a+b%2F&' : '';
    expect(put?.line).toBe(
      `PUT /v2/x/blobs/uploads/1?${state}digest=${encodeURIComponent(DIGEST)}`,
    );
    expect(put?.body).toEqual(BLOB);
  });

  it('fails with what the registry has against it', async () => {
    const { host } = await serve((_request, response) =>
      response.writeHead(200).end(),
    );
    await expect(connect(host).putBlob('x', BLOB)).rejects.toEqual(
      senseless(/HTTP 200 for x/),
    );
  });
});
