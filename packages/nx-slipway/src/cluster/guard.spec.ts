import fc from 'fast-check';
import { slipwayError } from '../testing/slipway-error';
import { assertAllowed, isAllowed, type GuardedTarget } from './guard';

const LOCAL: GuardedTarget = {
  context: 'kind-dev',
  clusterName: 'kind-dev',
  server: 'https://127.0.0.1:6443',
  proxied: false,
  namedInOption: false,
  allowContexts: [],
};

const allowed = (parts: Partial<GuardedTarget>) =>
  isAllowed({ ...LOCAL, ...parts });

const byte = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(byte, byte, byte, byte);
type Bytes = [number, number, number, number];
const isPublic = ([a, b]: Bytes) =>
  ![0, 10, 127].includes(a) &&
  !(a === 169 && b === 254) &&
  !(a === 172 && b >= 16 && b < 32) &&
  !(a === 192 && b === 168);
const privateIpv4 = fc
  .tuple(
    fc.constantFrom([127], [10], [192, 168], [172, 16], [172, 31], [169, 254]),
    ipv4,
  )
  .map(([head, tail]) => [...head, ...tail].slice(0, 4).join('.'));
const publicServer = fc
  .oneof(
    ipv4.filter(isPublic).map((bytes) => bytes.join('.')),
    fc.domain().filter((name) => !name.endsWith('.internal')),
    fc.constantFrom('[2001:db8::1]', '[::ffff:8.8.8.8]', '[fec0::1]'),
  )
  .map((host) => `https://${host}:6443`);
const anyTarget: fc.Arbitrary<GuardedTarget> = fc.record({
  context: fc.string(),
  clusterName: fc.string(),
  server: fc.oneof(fc.string(), publicServer),
  proxied: fc.boolean(),
  namedInOption: fc.boolean(),
  allowContexts: fc.array(fc.string()),
});

describe('the guard', () => {
  it.each([
    ['kind', 'kind'],
    ['kind-dev', 'kind-dev'],
    ['k3d-shop', 'k3d-shop'],
    ['minikube', 'minikube'],
    ['docker-desktop', 'docker-desktop'],
    ['docker-for-desktop', 'docker-for-desktop-cluster'],
    ['rancher-desktop', 'rancher-desktop'],
    ['colima', 'colima'],
    ['colima-big', 'colima-big'],
    ['orbstack', 'orbstack'],
    ['microk8s', 'microk8s-cluster'],
    ['crc-admin', 'api-crc-testing:6443'],
    ['default/api-crc-testing:6443/kubeadmin', 'api-crc-testing:6443'],
    ['lima-k8s', 'lima-k8s'],
  ])('lets %s of a local product through', (context, clusterName) => {
    expect(allowed({ context, clusterName })).toBe(true);
  });

  it.each([
    'prod',
    'my-kind-dev',
    'kindly',
    'kind-',
    'kind-dev ',
    'kind-dev\n',
    'KIND-dev',
    'kind-dev/prod',
    'k3d',
    'minikube-2',
    'docker-desktop.example.com',
    'orbstack-prod',
    'prod/api-crc-testing:6443',
    'default',
    'kubernetes-admin@kubernetes',
    '',
  ])('stops the context %j on a loopback server', (context) => {
    expect(allowed({ context, clusterName: context })).toBe(false);
  });

  it.each([
    'https://localhost:6443',
    'https://localhost.:6443',
    'https://LOCALHOST',
    'https://127.0.0.1',
    'https://127.1',
    'https://0.0.0.0:6550',
    'https://[::1]:6443',
    'https://[::ffff:127.0.0.1]:6443',
    'https://[fe80::1]',
    'https://[fd00::1]',
    'https://192.168.49.2:8443',
    'https://host.docker.internal:6443',
    'https://kubernetes.docker.internal:6443',
    'https://control-plane.minikube.internal:8443',
    'https://api.crc.testing:6443',
  ])('takes %s for local', (server) => {
    expect(allowed({ server })).toBe(true);
  });

  it.each([
    'https://127.0.0.1@prod.example.com',
    'https://127.0.0.1.example.com',
    'https://localhost.example.com',
    'https://example.com/localhost',
    'https://example.com#@localhost',
    'https://evil.docker.internal.example.com',
    'https://prod.internal',
    'https://api.docker.internal',
    'https://10.example.com',
    'https://172.32.0.1',
    'https://100.64.0.1',
    'https://[64:ff9b::7f00:1]',
    '127.0.0.1:6443',
    '',
  ])('does not take %s for local', (server) => {
    expect(allowed({ server })).toBe(false);
  });

  it('stops a product name that leads to a cluster of another name', () => {
    expect(allowed({ clusterName: 'prod-eu' })).toBe(false);
    expect(allowed({ context: 'microk8s', clusterName: 'microk8s' })).toBe(
      false,
    );
  });

  it('stops a proxied server, whose address is not of this network', () => {
    expect(allowed({ proxied: true })).toBe(false);
    expect(allowed({ proxied: true, namedInOption: true })).toBe(true);
  });

  it('lets through whatever the user has named', () => {
    fc.assert(
      fc.property(anyTarget, (target) => {
        const { context, allowContexts } = target;
        const list = [...allowContexts, context];
        expect(isAllowed({ ...target, namedInOption: true })).toBe(true);
        expect(isAllowed({ ...target, allowContexts: list })).toBe(true);
      }),
    );
  });

  it('lets nothing unnamed through to a public server', () => {
    const context = fc.oneof(
      fc.string(),
      fc.constantFrom('kind-dev', 'minikube', 'orbstack', 'crc-admin'),
    );
    fc.assert(
      fc.property(context, publicServer, (name, server) => {
        expect(allowed({ context: name, clusterName: name, server })).toBe(
          false,
        );
      }),
    );
  });

  it('lets a product through at every private address', () => {
    fc.assert(
      fc.property(privateIpv4, (host) => {
        expect(allowed({ server: `https://${host}:6443` })).toBe(true);
      }),
    );
  });

  it('reads a name in allowContexts as a whole, and no pattern', () => {
    for (const pattern of ['*', 'prod*', 'prod', 'prod-e', '.*', 'PROD-EU']) {
      expect(allowed({ context: 'prod-eu', allowContexts: [pattern] })).toBe(
        false,
      );
    }
  });

  it('says context, server, reason, and the line for nx.json', () => {
    const target = {
      ...LOCAL,
      context: 'prod-eu',
      server: 'https://prod.example.com',
      allowContexts: ['dev-eu'],
    };
    expect(() => assertAllowed(target)).toThrow(
      slipwayError(
        'SLIPWAY_E_CONTEXT_NOT_ALLOWED',
        /"prod-eu" \(https:\/\/prod\.example\.com\).*not that of a local cluster/,
      ),
    );
    expect(() => assertAllowed(target)).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining(
          '"allowContexts": ["dev-eu","prod-eu"]',
        ) as unknown,
      }) as Error,
    );
  });
});
