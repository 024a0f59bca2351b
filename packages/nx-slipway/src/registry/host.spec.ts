import { apiHost, isLoopback, trustIn } from './host';
import { registryAt } from '../testing/registry-option';

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

describe('apiHost', () => {
  it('knows where Docker Hub is, and leaves the others', () => {
    expect(apiHost('docker.io')).toBe('registry-1.docker.io');
    expect(apiHost('ghcr.io')).toBe('ghcr.io');
  });
});

describe('trustIn', () => {
  const registry = {
    ...registryAt('reg.test:5000/team'),
    insecure: true,
    caFile: '/ca.pem',
  };

  it('is what the option of that host says', () => {
    expect(trustIn('reg.test:5000', registry)).toMatchObject({
      insecure: true,
      caFile: '/ca.pem',
    });
  });

  it.each(['reg.test', 'other.test:5000', 'docker.io'])(
    'trusts %s no more than the system does',
    (host) => {
      const none = { insecure: false, caFile: '' };
      expect(trustIn(host, registry)).toEqual(none);
      expect(trustIn(host, undefined)).toEqual(none);
    },
  );
});
