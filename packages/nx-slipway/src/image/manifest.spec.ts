import fc from 'fast-check';
import { sha256 } from '../testing/arbitraries';
import { slipwayError } from '../testing/slipway-error';
import { MAX_MANIFEST_BYTES, isAttestation, parseManifest } from './manifest';

const OCI_IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER_IMAGE = 'application/vnd.docker.distribution.manifest.v2+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const config = { mediaType: 'application/x', digest: DIGEST, size: 2 };
const image = { schemaVersion: 2, config, layers: [config] };
const index = { schemaVersion: 2, manifests: [config] };

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const parse = (value: unknown, mediaType = OCI_IMAGE) =>
  parseManifest(bytesOf(value), mediaType);
const refused = (why: RegExp) => slipwayError('SLIPWAY_E_REGISTRY_FAILED', why);

describe('parseManifest', () => {
  it.each([OCI_IMAGE, DOCKER_IMAGE])('reads an image of type %s', (type) => {
    const expected = { kind: 'image', mediaType: type, config };
    expect(parse(image, type)).toEqual({ ...expected, layers: [config] });
    expect(parse({ ...image, mediaType: type }, '')).toMatchObject(expected);
  });

  it.each([OCI_INDEX, DOCKER_LIST])('reads an index of type %s', (type) => {
    const expected = { kind: 'index', mediaType: type, manifests: [config] };
    expect(parse(index, type)).toEqual(expected);
    expect(parse({ ...index, mediaType: type }, '')).toEqual(expected);
  });

  it('believes the bytes, not the header', () => {
    const list = { ...index, mediaType: DOCKER_LIST };
    expect(parse(list, OCI_IMAGE).mediaType).toBe(DOCKER_LIST);
    expect(parse(list, 'text/plain').kind).toBe('index');
  });

  it('takes a header with parameters', () => {
    expect(parse(image, `${OCI_IMAGE}; charset=utf-8`).kind).toBe('image');
  });

  it('keeps the platform and the annotations of an entry', () => {
    const entry = {
      ...config,
      platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
      annotations: { a: 'b' },
    };
    expect(parse({ ...index, manifests: [entry] }, OCI_INDEX)).toEqual({
      kind: 'index',
      mediaType: OCI_INDEX,
      manifests: [entry],
    });
  });

  it('takes what Go writes for nothing', () => {
    const entry = { ...config, platform: null, annotations: null };
    expect(parse({ ...index, manifests: [entry] }, OCI_INDEX)).toMatchObject({
      manifests: [config],
    });
    expect(parse({ ...image, mediaType: '', layers: null })).toEqual({
      kind: 'image',
      mediaType: OCI_IMAGE,
      config,
      layers: [],
    });
  });

  it.each([
    ['schema version 1', { schemaVersion: 1, fsLayers: [] }, /version 1/],
    ['no schema version', { config, layers: [] }, /schemaVersion/],
    ['an unknown type', { ...image, mediaType: 'a/b' }, /"a\/b" is unknown/],
    ['a type that is no string', { ...image, mediaType: 2 }, /no string/],
    ['no config', { schemaVersion: 2, layers: [] }, /config is no object/],
    ['layers that are no list', { ...image, layers: {} }, /layers are no list/],
    ['an index in it', { ...image, manifests: [] }, /at once/],
    ['a list for an object', [image], /no JSON object/],
    ['null for an object', null, /no JSON object/],
  ])('refuses %s', (_what, value, why) => {
    expect(() => parse(value)).toThrow(refused(why));
  });

  it.each([
    ['digest', 'sha256:abc'],
    ['digest', undefined],
    ['digest', `sha256:${'a'.repeat(64)}/../x`],
    ['size', -1],
    ['size', 1.5],
    ['size', '2'],
    ['mediaType', 1],
    ['platform', 'linux/amd64'],
    ['platform', { os: 'linux' }],
    ['platform', { os: 'linux', architecture: 'arm', variant: 7 }],
    ['annotations', { a: 1 }],
    ['annotations', ['a']],
  ])('refuses an entry whose %s is %j', (field, value) => {
    const manifests = [config, { ...config, [field]: value }];
    expect(() => parse({ ...index, manifests }, OCI_INDEX)).toThrow(
      refused(/manifests\[1\]/),
    );
  });

  it('shows no control characters of a foreign media type', () => {
    const mediaType = 'a/\u001b[31mred';
    expect(() => parse({ ...image, mediaType })).toThrow(
      refused(/"a\/\?\[31mred"/),
    );
  });

  it('refuses bytes that are no JSON, no UTF-8, or too many', () => {
    const of = (bytes: Uint8Array) => () => parseManifest(bytes, OCI_IMAGE);
    expect(of(Buffer.from('{'))).toThrow(refused(/no JSON/));
    expect(of(Buffer.from('{"a":"\xff"}', 'latin1'))).toThrow(
      refused(/no JSON/),
    );
    expect(of(Buffer.alloc(MAX_MANIFEST_BYTES + 1, ' '))).toThrow(
      refused(/more than/),
    );
  });

  it('yields a manifest or an error of ours, whatever it is given', () => {
    const anything = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array(),
      fc
        .record({ ...pieces(image), manifests: fc.jsonValue() }, noneRequired)
        .map(bytesOf),
    );
    const type = fc.constantFrom(OCI_IMAGE, OCI_INDEX, DOCKER_LIST, '');
    fc.assert(
      fc.property(anything, type, (bytes, mediaType) => {
        try {
          expect(parseManifest(bytes, mediaType).kind).toMatch(/image|index/);
        } catch (error) {
          expect(error).toEqual(slipwayError('SLIPWAY_E_REGISTRY_FAILED'));
        }
      }),
    );
  });
});

const noneRequired = { requiredKeys: [] };

/** Each field as it is, or as anything. */
function pieces(of: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(of).map(([name, value]) => [
      name,
      fc.oneof(fc.constant(value), fc.jsonValue()),
    ]),
  );
}

describe('isAttestation', () => {
  const entry = (more: object) => ({ ...config, ...more });

  it('knows what BuildKit puts beside an image', () => {
    const unknown = { os: 'unknown', architecture: 'unknown' };
    expect(isAttestation(entry({ platform: unknown }))).toBe(true);
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
    expect(isAttestation(entry({ annotations }))).toBe(true);
  });

  it('takes everything else for an image', () => {
    fc.assert(
      fc.property(sha256, fc.constantFrom('linux', 'unknown'), (digest, os) => {
        const platform = { os, architecture: 'amd64' };
        expect(isAttestation(entry({ digest, platform }))).toBe(false);
      }),
    );
    expect(isAttestation(config)).toBe(false);
  });
});
