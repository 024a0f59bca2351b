import type { IncomingHttpHeaders } from 'node:http';
import { useHttpServer } from '../testing/http-server';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { connectRegistry, isLoopback } from './registry-client';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const TYPE = 'application/vnd.oci.image.manifest.v1+json';

const registry = useHttpServer();

/** As a registry answers: https://distribution.github.io/distribution/spec/api */
function answerWith(status: number, headers: Record<string, string> = {}) {
  registry.answer = (_request, response) =>
    response
      .writeHead(status, {
        'docker-distribution-api-version': 'registry/2.0',
        ...headers,
      })
      .end();
}

const head = () =>
  connectRegistry(registry.host).headManifest('acme/x', 'nx-1');

describe('headManifest', () => {
  it('is one HEAD request that takes every kind of manifest', async () => {
    let headers: IncomingHttpHeaders = {};
    registry.answer = (request, response) => {
      ({ headers } = request);
      response
        .writeHead(200, {
          'docker-content-digest': DIGEST,
          'content-type': TYPE,
        })
        .end();
    };
    expect(await head()).toEqual({ digest: DIGEST, mediaType: TYPE });
    expect(registry.requests).toEqual(['HEAD /v2/acme/x/manifests/nx-1']);
    expect(headers.accept?.split(', ').sort()).toEqual([
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.docker.distribution.manifest.v2+json',
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.oci.image.manifest.v1+json',
    ]);
  });

  it('finds nothing where the registry says so', async () => {
    answerWith(404);
    expect(await head()).toBeUndefined();
  });

  it.each([401, 403])('is refused with HTTP %s', async (status) => {
    answerWith(status, { 'www-authenticate': 'Basic realm="registry"' });
    await expect(head()).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_REFUSED', /acme\/x \(HTTP 40[13]\)/),
    );
  });

  it.each([429, 500, 503])('fails with HTTP %s', async (status) => {
    answerWith(status);
    await expect(head()).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_FAILED', new RegExp(`HTTP ${status}`)),
    );
  });

  it.each([
    ['no digest', {}],
    ['a digest that is none', { 'docker-content-digest': 'sha256:abc' }],
  ])('fails when the answer has %s', async (_what, headers) => {
    answerWith(200, headers);
    await expect(head()).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_FAILED', /without a digest/),
    );
  });

  it('says that nobody listens', async () => {
    const { host } = registry;
    const client = connectRegistry(host);
    await registry.close();
    const error = await errorOf(client.headManifest('acme/x', 'nx-1'));
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_UNREACHABLE');
    expect(error.message).toBe(
      `the registry ${host} does not answer (ECONNREFUSED).`,
    );
  });

  it('says that the connection broke', async () => {
    registry.answer = (request) => request.socket.destroy();
    await expect(head()).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_UNREACHABLE'),
    );
  });
});

describe('isLoopback', () => {
  it.each([
    ['localhost', true],
    ['LOCALHOST:5000', true],
    ['registry.localhost:5000', true],
    ['127.0.0.1:5000', true],
    ['127.1.2.3', true],
    ['[::1]:5000', true],
    ['127.0.0.1.example.com', false],
    ['localhost.example.com', false],
    ['notlocalhost', false],
    ['10.0.0.1:5000', false],
    ['[::2]:5000', false],
  ])('says of %s: %s', (host, is) => expect(isLoopback(host)).toBe(is));
});
