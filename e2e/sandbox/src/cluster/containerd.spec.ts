import { registryNames } from './containerd';

describe('registryNames', () => {
  it('finds our own registry by each of its names, and as Docker Hub', () => {
    expect(registryNames({ host: 'localhost:15000', own: true })).toEqual({
      url: 'http://127.0.0.1:15000',
      names: [
        'localhost:15000',
        '127.0.0.1:15000',
        'registry.slipway:5000',
        'docker.io',
      ],
    });
  });

  it('reaches one of somebody else by its name, in the clear on loopback only', () => {
    expect(registryNames({ host: 'r.example', own: false })).toEqual({
      url: 'https://r.example',
      names: ['r.example'],
    });
    expect(registryNames({ host: 'localhost:5000', own: false }).url).toBe(
      'http://127.0.0.1:5000',
    );
  });
});
