import { apiHost, isLoopback } from './host';

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
