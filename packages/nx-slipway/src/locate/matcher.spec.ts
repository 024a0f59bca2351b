import { slipwayError } from '../testing/slipway-error';
import { DIGEST, inject, pod, use } from '../testing/injecting';
import type { ImageUse } from './types';

describe('the names of images', () => {
  const image = (text: string) =>
    pod(`spec: { containers: [{ name: a, image: "${text}" }] }`);
  const isOurs = (text: string, ...uses: ImageUse[]) =>
    inject(image(text), uses).used.map(({ places }) => places);

  it.each([
    ['web', 'web'],
    ['docker.io/library/web', 'web'],
    ['docker.io/web:1.2', 'web'],
    [`web@${DIGEST}`, 'web'],
    ['gcr.io/acme/web:dev', 'gcr.io/acme/web'],
    ['web:dev', 'web:dev'],
  ])('%s is %s', (text, name) => {
    expect(isOurs(text, use(name))).toEqual([1]);
  });

  it.each([
    ['web-app', 'web'],
    ['webb', 'web'],
    ['localhost:5000/web', 'web'],
    ['acme/web', 'web'],
    ['web:1', 'web:dev'],
    ['web', 'web:dev'],
  ])('%s is not %s', (text, name) => {
    expect(isOurs(text, use(name))).toEqual([0]);
  });

  it('are exact for all of one name if two have different tags', () => {
    expect(isOurs('web:a', use('web:a'), use('web:b'))).toEqual([1, 0]);
    expect(isOurs('web:b', use('web:a'), use('web:b'))).toEqual([0, 1]);
    expect(isOurs('web:c', use('web'), use('web:b'))).toEqual([0, 0]);
  });

  it('are those of the first of several', () => {
    expect(isOurs('web', use('web'), use('docker.io/library/web'))).toEqual([
      1, 0,
    ]);
  });

  it.each(['WEB', 'Web:1.2', 'docker.io/library/weB'])(
    '%s is web in letters that no cluster takes',
    (text) => {
      expect(() => isOurs(text, use('web'))).toThrow(
        slipwayError(
          'SLIPWAY_E_MANIFEST',
          /a\.yaml:1:1: spec\.containers\[0\]\.image of Pod\/x is "/,
        ),
      );
    },
  );

  it.each(['OTHER', '', '$(IMAGE)', 'auto'])('"%s" is nobody’s', (text) => {
    expect(isOurs(text, use('web'))).toEqual([0]);
  });
});
