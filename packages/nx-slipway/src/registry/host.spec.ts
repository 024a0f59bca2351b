import { apiHost, isAt, isLoopback, trustIn } from './host';
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

describe('isAt', () => {
  it.each([
    ['https://reg.io/v2/', 'reg.io:443', true],
    ['http://reg.io/v2/', 'reg.io:80', true],
    ['https://reg.io:5000/v2/', 'REG.io:5000', true],
    ['https://reg.io/v2/', 'reg.io:80', false],
    ['https://reg.io/v2/', 'reg.io:5000', false],
    ['https://storage.io/v2/', 'reg.io', false],
  ])('says whether %s is at %s: %s', (url, host, is) =>
    expect(isAt(new URL(url), host)).toBe(is),
  );
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
