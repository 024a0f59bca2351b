import { repositoriesOf } from './drop-images';

const registry = (host: string, hostFromCluster = host) => ({
  host,
  hostFromCluster,
});

describe('the repositories of a deployed image', () => {
  it.each([
    ['as it is', 'localhost:5000/web:nx-1', [], ['localhost:5000/web']],
    [
      'by every name that this machine has for the registry',
      'registry:5000/shop/web:nx-1@sha256:' + 'a'.repeat(64),
      [
        registry('localhost:5000', 'registry:5000'),
        registry('localhost:5001', 'registry:5000'),
        registry('localhost:5002', 'other:5000'),
      ],
      [
        'registry:5000/shop/web',
        'localhost:5000/shop/web',
        'localhost:5001/shop/web',
      ],
    ],
    [
      'once',
      'localhost:5000/web',
      [registry('localhost:5000')],
      ['localhost:5000/web'],
    ],
    ['of no name', 'Not a name', [registry('localhost:5000')], []],
  ])('are looked for %s', (_, ref, registries, repositories) => {
    expect(repositoriesOf(ref, registries)).toEqual(repositories);
  });
});
