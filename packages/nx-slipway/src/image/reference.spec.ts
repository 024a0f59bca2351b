import fc from 'fast-check';
import { SlipwayError } from '../report';
import { imageReference } from '../testing/arbitraries';
import { slipwayError } from '../testing/slipway-error';
import {
  parseReference,
  formatReference,
  familiarName,
  canonicalName,
  registryOf,
  isTag,
  isDigest,
} from './reference';

const HEX = '0123456789abcdef'.repeat(4);

describe('parseReference', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox'],
    ['docker.io/busybox', 'docker.io/library/busybox'],
    ['index.docker.io/busybox', 'docker.io/library/busybox'],
    ['docker.io/library/busybox', 'docker.io/library/busybox'],
    ['acme/x', 'docker.io/acme/x'],
    ['gcr.io/acme/x', 'gcr.io/acme/x'],
    ['localhost/x', 'localhost/x'],
    ['localhost:5000/x', 'localhost:5000/x'],
    ['[::1]:5000/x', '[::1]:5000/x'],
    ['Registry/x', 'Registry/x'],
    ['a__b/c---d.e', 'docker.io/a__b/c---d.e'],
  ])('normalises the name %s to %s', (text, canonical) => {
    expect(canonicalName(parseReference(text))).toBe(canonical);
  });

  it('tells the port of a domain from a tag', () => {
    expect(parseReference('localhost:5000')).toMatchObject({
      path: 'library/localhost',
      tag: '5000',
    });
    expect(parseReference('localhost:5000/x').tag).toBeUndefined();
  });

  it('reads a tag and a digest side by side', () => {
    expect(parseReference(`gcr.io/x:v1@sha256:${HEX}`)).toEqual({
      domain: 'gcr.io',
      path: 'x',
      tag: 'v1',
      digest: `sha256:${HEX}`,
    });
  });

  it.each([
    ['', /no name/],
    [':v1', /no name/],
    ['Frontend', /lower case/],
    ['acme/$NAME', /variables/],
    ['frontend ', /repository path/],
    ['frontend\n', /repository path/],
    ['a//b', /repository path/],
    ['/a', /repository path/],
    ['gcr.io/', /repository path/],
    ['a_-b', /repository path/],
    ['-a.b/x', /host name/],
    ['x:', /not a tag/],
    ['x:.a', /not a tag/],
    [`x:${'a'.repeat(129)}`, /not a tag/],
    ['x@sha256:abc', /not a digest/],
    [HEX, /image id/],
    [`a.b/${'x'.repeat(252)}`, /longer than 255/],
  ])('refuses %j and says why', (text, why) => {
    expect(() => parseReference(text)).toThrow(
      slipwayError('SLIPWAY_E_REF_INVALID', why),
    );
  });

  it('takes a name of 255 characters and a tag of 128', () => {
    const text = `a.b/${'x'.repeat(251)}:${'t'.repeat(128)}`;
    expect(formatReference(parseReference(text))).toBe(text);
  });

  it('reads back every reference that formatReference writes', () => {
    fc.assert(
      fc.property(imageReference, (reference) => {
        const text = formatReference(reference);
        expect(parseReference(text)).toEqual(reference);
        expect(formatReference(parseReference(text))).toBe(text);
      }),
    );
  });

  it('throws nothing but SlipwayError, whatever it is given', () => {
    const alphabet = fc.constantFrom(...'aZ0.:/@_-[]$ \n', 'sha256:', HEX);
    const close = fc.array(alphabet, { maxLength: 20 }).map((p) => p.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), close), (text) => {
        try {
          const reference = parseReference(text);
          expect(parseReference(formatReference(reference))).toEqual(reference);
        } catch (error) {
          if (!(error instanceof SlipwayError)) throw error;
          expect(error.code).toBe('SLIPWAY_E_REF_INVALID');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('familiarName', () => {
  it.each([
    'busybox',
    'acme/x',
    'gcr.io/acme/x',
    // The short forms of these are another name, or none.
    'docker.io/library/localhost/x',
    'docker.io/library/a/b',
    `docker.io/library/${HEX}`,
  ])('writes %s so that it is read back as the same name', (text) => {
    const name = parseReference(text);
    expect(familiarName(name)).toBe(text);
    expect(parseReference(familiarName(name))).toEqual(name);
  });
});

describe('isDigest', () => {
  it.each([
    [`sha256:${HEX}`, true],
    [`sha512:${HEX}${HEX}`, true],
    [`sha256:${HEX.toUpperCase()}`, false],
    [`sha256:${HEX}0`, false],
    [`sha512:${HEX}`, false],
    ['other+algo:0123456789abcdef0123456789abcdef', true],
    ['constructor:0123456789abcdef0123456789abcdef', true],
    ['sha256:', false],
    [`x sha256:${HEX}`, false],
  ])('says of %s: %s', (text, is) => expect(isDigest(text)).toBe(is));
});

describe('isTag', () => {
  it.each([
    ['v1.0_x-Y', true],
    ['_x', true],
    ['', false],
    ['-x', false],
    ['a:b', false],
    ['a\n', false],
  ])('says of %j: %s', (text, is) => expect(isTag(text)).toBe(is));
});

describe('registryOf', () => {
  it('names the domain, and none for Docker Hub', () => {
    expect(registryOf(parseReference('gcr.io/acme/x'))).toBe('gcr.io');
    expect(registryOf(parseReference('acme/x'))).toBeUndefined();
  });
});
