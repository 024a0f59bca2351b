import { imagesIn } from './images-in';

describe('the images of an object', () => {
  it('are those of all containers, wherever its pods are', () => {
    const pod = {
      initContainers: [{ image: 'init:1' }],
      containers: [{ image: 'web:1' }, { name: 'none' }],
    };
    expect(
      imagesIn({
        spec: { jobTemplate: { spec: { template: { spec: pod } } } },
      }),
    ).toEqual(['init:1', 'web:1']);
    expect(imagesIn({ spec: { image: 'no container' }, data: null })).toEqual(
      [],
    );
  });
});
