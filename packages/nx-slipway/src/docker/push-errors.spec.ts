import { pushError } from './push-errors';

/** What Docker and registries really say, and what it is taken for. */
it.each([
  // Docker 20.10, when a prune took the image.
  [
    'An image does not exist locally with the tag: localhost:5000/x',
    'SLIPWAY_E_IMAGE_NOT_FOUND',
    /Run it again/,
  ],
  // ECR
  [
    "tag invalid: The image tag 'nx-1' already exists in the 'x' repository and cannot be overwritten because the repository is immutable.",
    'SLIPWAY_E_REGISTRY_REFUSED',
    /lets no tag change/,
  ],
  // Harbor
  [
    "denied: Failed to process request due to 'x:nx-1' configured as immutable.",
    'SLIPWAY_E_REGISTRY_REFUSED',
    /lets no tag change/,
  ],
  [
    "name unknown: The repository with name 'x' does not exist in the registry with id '1'",
    'SLIPWAY_E_REGISTRY_REFUSED',
    /Create it there/,
  ],
  [
    'toomanyrequests: You have reached your unauthenticated rate limit.',
    'SLIPWAY_E_REGISTRY_FAILED',
    /docker login reg\.test:5000/,
  ],
  [
    'received unexpected HTTP status: 429 Too Many Requests',
    'SLIPWAY_E_REGISTRY_FAILED',
    /limits how often/,
  ],
  [
    'unknown: filesystem: mkdir /var/lib/registry/docker: no space left on device',
    'SLIPWAY_E_REGISTRY_FAILED',
    /registry is full/,
  ],
  [
    'received unexpected HTTP status: 507 Insufficient Storage',
    'SLIPWAY_E_REGISTRY_FAILED',
    /registry is full/,
  ],
  [
    'write /var/lib/docker/tmp/GetImageBlob1: no space left on device',
    'SLIPWAY_E_DOCKER_FAILED',
    /disk of the Docker daemon/,
  ],
  [
    'no space left on device',
    'SLIPWAY_E_REGISTRY_FAILED',
    /of the Docker daemon or of the registry/,
  ],
  [
    'Get "https://reg.test:5000/v2/": http: server gave HTTP response to HTTPS client',
    'SLIPWAY_E_REGISTRY_TLS',
    /"reg\.test:5000" to "insecure-registries"/,
  ],
  [
    'Get "https://reg.test:5000/v2/": x509: certificate signed by unknown authority',
    'SLIPWAY_E_REGISTRY_TLS',
    /certs\.d\/reg\.test:5000\/ca\.crt/,
  ],
  [
    'Get "https://reg.test:5000/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
    'SLIPWAY_E_REGISTRY_TLS',
    /does not trust/,
  ],
  [
    'no basic auth credentials',
    'SLIPWAY_E_REGISTRY_REFUSED',
    /docker login reg\.test:5000/,
  ],
  [
    'denied: Your authorization token has expired. Reauthenticate and try again.',
    'SLIPWAY_E_REGISTRY_REFUSED',
    /docker login reg\.test:5000/,
  ],
  [
    'denied: permission_denied: write_package',
    'SLIPWAY_E_REGISTRY_REFUSED',
    /may push/,
  ],
  [
    'unexpected status from HEAD request: 401 Unauthorized',
    'SLIPWAY_E_REGISTRY_REFUSED',
    /docker login/,
  ],
  [
    'open /var/lib/docker/image/x: permission denied',
    'SLIPWAY_E_REGISTRY_FAILED',
    /log of the registry/,
  ],
  [
    'Get "https://reg.test:5000/v2/": dial tcp: lookup reg.test: no such host',
    'SLIPWAY_E_REGISTRY_UNREACHABLE',
    /must reach/,
  ],
  [
    'Get "https://reg.test:5000/v2/": net/http: TLS handshake timeout',
    'SLIPWAY_E_REGISTRY_UNREACHABLE',
    /must reach/,
  ],
  ['unexpected EOF', 'SLIPWAY_E_REGISTRY_FAILED', /broke off/],
  [
    'write tcp 10.0.0.1:1->10.0.0.2:5000: read: connection reset by peer',
    'SLIPWAY_E_REGISTRY_FAILED',
    /broke off/,
  ],
  [
    'write tcp 127.0.0.1:1->127.0.0.1:2: use of closed network connection',
    'SLIPWAY_E_REGISTRY_FAILED',
    /broke off/,
  ],
  [
    'received unexpected HTTP status: 500 Internal Server Error',
    'SLIPWAY_E_REGISTRY_FAILED',
    /same layers just now/,
  ],
  ['something new', 'SLIPWAY_E_REGISTRY_FAILED', /log of the registry/],
])('%s', (text, code, hint) => {
  const error = pushError(text, 'reg.test:5000/x:nx-1');
  expect(error.code).toBe(code);
  expect(error.hint).toMatch(hint);
  expect(error.message).toBe(
    `Docker could not push reg.test:5000/x:nx-1: ${text}`,
  );
});

it('names no host to log in to for Docker Hub', () => {
  const { hint } = pushError('denied', 'acme/x:1');
  expect(hint).toMatch(/^Log in with docker login, and/);
});
