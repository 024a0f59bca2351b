import { registryNames } from './containerd';

const FROM_CLUSTER = 'registry.slipway:5000';

describe('registryNames', () => {
  it('finds our own registry by each of its names, and as Docker Hub', () => {
    const host = 'localhost:15000';
    expect(
      registryNames({ host, hostFromCluster: FROM_CLUSTER, own: true }),
    ).toEqual({
      url: 'http://127.0.0.1:15000',
      names: [host, FROM_CLUSTER, '127.0.0.1:15000', 'docker.io'],
    });
  });

  it('reaches one of somebody else by its name, in the clear on loopback only', () => {
    const names = (host: string) =>
      registryNames({ host, hostFromCluster: host, own: false });
    expect(names('r.example')).toEqual({
      url: 'https://r.example',
      names: ['r.example'],
    });
    expect(names('localhost:5000').url).toBe('http://127.0.0.1:5000');
  });
});
