import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { MAX_MANIFEST_BYTES } from '../image';
import { useHttpServer } from '../testing/http-server';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useClients } from './testing/connect';

const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const BYTES = Buffer.from('{"schemaVersion":2}');
const hash = (bytes: Uint8Array, algorithm = 'sha256') =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
const DIGEST = hash(BYTES);
const OTHER = `sha256:${'a'.repeat(64)}`;

const registry = useHttpServer();
const connect = useClients();

/** As a registry answers: https://distribution.github.io/distribution/spec/api */
function answerWith(
  status: number,
  headers: Record<string, string> = {},
  body: Uint8Array | string = '',
) {
  registry.answer = (request, response) =>
    response
      .writeHead(status, { 'content-type': TYPE, ...headers })
      .end(request.method === 'HEAD' ? undefined : body);
}

const errorsJson = (code: string, message: string) =>
  JSON.stringify({ errors: [{ code, message, detail: {} }] });

const senseless = (why: RegExp) =>
  slipwayError('SLIPWAY_E_REGISTRY_FAILED', why);

describe('headManifest', () => {
  const head = (reference = 'nx-1') =>
    connect(registry.host).headManifest('acme/x', reference);

  it('is one HEAD request that takes every kind of manifest', async () => {
    let headers: IncomingHttpHeaders = {};
    registry.answer = (request, response) => {
      ({ headers } = request);
      response
        .writeHead(200, {
          'docker-content-digest': OTHER,
          'content-type': TYPE,
        })
        .end();
    };
    expect(await head()).toEqual({ digest: OTHER, mediaType: TYPE });
    expect(registry.requests).toEqual(['HEAD /v2/acme/x/manifests/nx-1']);
    expect(headers.accept?.split(', ').sort()).toEqual([
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.docker.distribution.manifest.v2+json',
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.oci.image.manifest.v1+json',
    ]);
  });

  it('keeps its connection for the next request', async () => {
    const ports = new Set<number | undefined>();
    registry.answer = (request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(404).end();
    };
    const client = connect(registry.host);
    await client.headManifest('acme/x', '1');
    await client.getManifest('acme/x', '1');
    await client.headManifest('acme/x', '2');
    expect(ports.size).toBe(1);
  });

  it('finds nothing where the registry says so', async () => {
    answerWith(404);
    expect(await head()).toBeUndefined();
  });

  it.each([401, 403])('is refused with HTTP %s', async (status) => {
    answerWith(status, { 'www-authenticate': 'Basic realm="registry"' });
    const error = await errorOf(head());
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_REFUSED');
    expect(error.message).toMatch(
      /acme\/x \(HTTP 40[13]\) without credentials/,
    );
    expect(error.hint).toContain(`docker login ${registry.host}`);
  });

  it.each([
    ['HEAD is not supported', 405, {}],
    ['there is no digest', 200, {}],
    ['the digest is none', 200, { 'docker-content-digest': 'sha256:abc' }],
  ])('asks for the manifest itself where %s', async (_why, status, headers) => {
    registry.answer = (request, response) =>
      request.method === 'HEAD'
        ? response.writeHead(status, headers).end()
        : response.writeHead(200, { 'content-type': TYPE }).end(BYTES);
    expect(await head()).toEqual({ digest: DIGEST, mediaType: TYPE });
    expect(registry.requests).toHaveLength(2);
  });

  it('fails when it is told of another digest than it asked for', async () => {
    answerWith(200, { 'docker-content-digest': OTHER });
    await expect(head(DIGEST)).rejects.toEqual(senseless(/with the digest/));
    expect((await head(OTHER))?.digest).toBe(OTHER);
  });

  it('says that nobody listens', async () => {
    const { host } = registry;
    const client = connect(host);
    await registry.close();
    const error = await errorOf(client.headManifest('acme/x', 'nx-1'));
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_UNREACHABLE');
    expect(error.message).toBe(
      `the registry ${host} does not answer (ECONNREFUSED).`,
    );
    expect(client.waits).toEqual([]);
  });
});

describe('getManifest', () => {
  const get = (reference = 'nx-1') =>
    connect(registry.host).getManifest('acme/x', reference);

  it('gives the bytes with their digest', async () => {
    answerWith(200, {}, BYTES);
    const expected = { digest: DIGEST, mediaType: TYPE, bytes: BYTES };
    expect(await get()).toEqual(expected);
    expect(await get(DIGEST)).toEqual(expected);
    answerWith(200, { 'docker-content-digest': DIGEST }, BYTES);
    expect(await get()).toEqual(expected);
  });

  it('knows sha512 as well', async () => {
    const digest = hash(BYTES, 'sha512');
    answerWith(200, { 'docker-content-digest': digest }, BYTES);
    expect((await get(digest))?.digest).toBe(digest);
    expect((await get(DIGEST))?.digest).toBe(DIGEST);
  });

  it('finds nothing where the registry says so', async () => {
    answerWith(404, {}, errorsJson('MANIFEST_UNKNOWN', 'unknown'));
    expect(await get()).toBeUndefined();
  });

  it('takes a media type without its parameters', async () => {
    answerWith(200, { 'content-type': `${TYPE}; charset=utf-8` }, BYTES);
    expect((await get())?.mediaType).toBe(TYPE);
  });

  it.each([
    ['other bytes than it asked for', OTHER, {}],
    ['a digest of other bytes', 'nx-1', { 'docker-content-digest': OTHER }],
    ['a digest that is none', 'nx-1', { 'docker-content-digest': 'sha256:a' }],
    [
      'a digest that nobody can compare',
      'nx-1',
      { 'docker-content-digest': `md5:${'a'.repeat(32)}` },
    ],
  ])('fails when it gets %s', async (_what, reference, headers) => {
    answerWith(200, headers, BYTES);
    await expect(get(reference)).rejects.toEqual(
      senseless(/do not have the digest/),
    );
  });

  it('fails at more than 4 MiB, and needs no length to be told', async () => {
    registry.answer = (_request, response) => {
      response.writeHead(200);
      response.write(Buffer.alloc(MAX_MANIFEST_BYTES));
      response.end(Buffer.alloc(2));
    };
    await expect(get()).rejects.toEqual(senseless(/with more than 4194304/));
  });

  it('repeats what the registry says, and no control characters', async () => {
    answerWith(400, {}, errorsJson('NAME_INVALID', 'bad\n\u001b[31mname'));
    // A HEAD has no text; over http a 400 makes it try TLS first.
    await expect(get()).rejects.toEqual(
      senseless(/HTTP 400 for acme\/x\. It says: NAME_INVALID: bad \[31mname$/),
    );
  });

  it('says nothing of a page that is no answer of a registry', async () => {
    answerWith(418, {}, '<html>secret</html>');
    const { message } = await errorOf(get());
    expect(message).toMatch(/HTTP 418 for acme\/x\.$/);
  });
});

describe('putManifest', () => {
  const put = (reference = 'nx-1') =>
    connect(registry.host).putManifest('acme/x', reference, {
      mediaType: TYPE,
      bytes: BYTES,
    });

  it('puts the bytes with their type', async () => {
    let got: unknown;
    registry.answer = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        got = [request.headers['content-type'], Buffer.concat(chunks)];
        response.writeHead(201, { 'docker-content-digest': DIGEST }).end();
      });
    };
    expect(await put()).toBe(DIGEST);
    expect(got).toEqual([TYPE, BYTES]);
    expect(registry.requests).toEqual(['PUT /v2/acme/x/manifests/nx-1']);
  });

  it('does without a digest in the answer', async () => {
    answerWith(201);
    expect(await put()).toBe(DIGEST);
    expect(await put(DIGEST)).toBe(DIGEST);
  });

  it('fails when the registry has stored something else', async () => {
    answerWith(201, { 'docker-content-digest': OTHER });
    await expect(put()).rejects.toEqual(
      senseless(/another digest than it has/),
    );
  });

  it.each([
    [409, ''],
    [400, errorsJson('TAG_INVALID', 'the repository is immutable.')],
    [412, errorsJson('PRECONDITION', 'configured as immutable')],
    [405, errorsJson('UNSUPPORTED', 'The tag is locked')],
  ])('says that a tag is immutable, at HTTP %s', async (status, body) => {
    answerWith(status, {}, body);
    const error = await errorOf(put());
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_REFUSED');
    expect(error.message).toContain('does not let the tag nx-1 of acme/x');
  });

  it('fails with what else the registry has against it', async () => {
    answerWith(404, {}, errorsJson('NAME_UNKNOWN', 'no such project'));
    await expect(put()).rejects.toEqual(senseless(/NAME_UNKNOWN: no such/));
    answerWith(403, {}, errorsJson('DENIED', 'you may not'));
    await expect(put()).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_REFUSED', /DENIED: you may not/),
    );
  });

  it('sends nobody anywhere else', async () => {
    answerWith(307, { location: '/v2/other' });
    await expect(put()).rejects.toEqual(senseless(/HTTP 307/));
    expect(registry.requests).toHaveLength(1);
  });
});
