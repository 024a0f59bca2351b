import fc from 'fast-check';
import { jsonLine, withoutSecrets } from './json-line';

it('jsonLine gives any value back from one line', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
      (value) => {
        const line = jsonLine(value);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        // As JSON has it: -0 is 0.
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(value)));
      },
    ),
  );
});

describe('withoutSecrets', () => {
  it('masks secrets however deep they stand', () => {
    const value = {
      list: ['x hunter22'],
      inner: { url: 'http://me:hunter2@host/' },
      number: 7,
      none: undefined,
    };
    expect(withoutSecrets(value, ['hunter22'], [])).toEqual({
      list: ['x ***'],
      inner: { url: 'http://***@host/' },
      number: 7,
      none: undefined,
    });
  });

  it('leaves what programs act on, lists of it too', () => {
    const value = { image: 'keycloak', images: ['keycloak'], text: 'keycloak' };
    expect(withoutSecrets(value, ['keycloak'], ['image', 'images'])).toEqual({
      ...value,
      text: '***',
    });
  });
});
