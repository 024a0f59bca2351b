import fc from 'fast-check';
import { SlipwayError } from '../report';
import { imageReference, sha256 } from '../testing/arbitraries';
import { slipwayError } from '../testing/slipway-error';
import { MAX_OUTPUT_REF_BYTES, parseOutputRef } from './output-ref';
import { formatReference, parseReference } from './reference';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const CONFIG = `sha256:${'b'.repeat(64)}`;

/** What is read from a file, as people write it. */
function read(text: string) {
  const { ref, kind } = parseOutputRef(text, 'ref.txt');
  return [formatReference(ref), kind];
}

function faultOf(text: string): SlipwayError {
  try {
    parseOutputRef(text, 'ref.txt');
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
  throw new Error('it was to be refused, and was not');
}

/** The file of `docker buildx build --metadata-file`, as far as it matters. */
const buildx = {
  'buildx.build.provenance': { buildType: 'https://mobyproject.org/buildkit' },
  'buildx.build.ref': 'default/default/0fjb6ubs52xx3vygf6fgdl611',
  'containerimage.config.digest': CONFIG,
  'containerimage.descriptor': { digest: DIGEST, size: 506 },
  'containerimage.digest': DIGEST,
  'image.name': 'docker.io/acme/x:v1',
};

/** Jib's target/jib-image.json. */
const jib = {
  image: 'gcr.io/acme/x:v1',
  imageId: CONFIG,
  imageDigest: DIGEST,
  tags: ['v1'],
};

const pinnedReference = imageReference.filter(
  ({ tag, digest }) => tag !== undefined || digest !== undefined,
);
const space = fc
  .array(fc.constantFrom(' ', '\t', '\n', '\r\n', '\r'), { maxLength: 4 })
  .map((parts) => parts.join(''));
const lineEnd = fc
  .tuple(space, fc.constantFrom('\n', '\r\n'))
  .map((parts) => parts.join(''));

describe('parseOutputRef of text', () => {
  it.each([
    ['gcr.io/acme/x:v1\n', 'gcr.io/acme/x:v1'],
    [`x@${DIGEST}`, `x@${DIGEST}`],
    ['[::1]:5000/x:v1', '[::1]:5000/x:v1'],
    [`x:v1@${DIGEST}\r\n`, `x:v1@${DIGEST}`],
    ['\ufeffx:v1\r\n\r\n', 'x:v1'],
    ['\n\n  docker.io/library/x:v1 \n', 'x:v1'],
    // The commit as a tag, in the form of a digest of an unknown algorithm.
    [`x:${'0123456789'.repeat(4)}`, `x:${'0123456789'.repeat(4)}`],
  ])('reads %j', (text, ref) => expect(read(text)).toEqual([ref, 'text']));

  it('takes the same ref on several lines for one (ko --image-refs)', () => {
    const line = `localhost:5000/x@${DIGEST}\n`;
    expect(read(line.repeat(3))[0]).toBe(line.trim());
    expect(read('docker.io/library/x:v1\nx:v1\n')[0]).toBe('x:v1');
  });

  it('reads any ref, whatever white space is around and however often', () => {
    const times = fc.integer({ min: 1, max: 3 });
    const mark = fc.constantFrom('', '\ufeff');
    fc.assert(
      fc.property(
        fc.tuple(mark, space, pinnedReference, lineEnd, times),
        ([bom, before, ref, end, count]) => {
          const line = `${before}${formatReference(ref)}${end}`;
          const found = parseOutputRef(bom + line.repeat(count), 'f');
          expect(found).toEqual({ ref, kind: 'text' });
        },
      ),
    );
  });

  it('says of every other text what is wrong with it', () => {
    const shape = fc.record({
      image: fc.oneof(fc.string(), fc.constant('x:1')),
      imageDigest: fc.oneof(fc.string(), fc.constant(DIGEST), fc.anything()),
    });
    const named = fc.dictionary(
      fc.constantFrom('image.name', 'containerimage.digest', '__proto__'),
      fc.oneof(fc.string(), fc.anything(), fc.constant('a:1,b:1')),
    );
    const json = fc
      .oneof(fc.anything(), shape, named, fc.dictionary(fc.string(), named))
      // Values that JSON has no word for make no text.
      .map((value) => `${JSON.stringify(value, jsonSafe)}`);
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('x', 'x:1', DIGEST, '{', '\n'),
    );
    const text = fc.oneof(
      json,
      fc.array(line).map((lines) => lines.join('\n')),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          const { ref } = parseOutputRef(given, 'ref.txt');
          expect(ref.tag ?? ref.digest).toBeDefined();
          expect(parseReference(formatReference(ref))).toEqual(ref);
        } catch (error) {
          if (!(error instanceof SlipwayError)) throw error;
          expect(error).toEqual(slipwayError('SLIPWAY_E_OUTPUT_REF'));
          expect(error.hint).toBeDefined();
          expect(error.message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('parseOutputRef of metadata files', () => {
  it('takes the digest of the manifest, not of the config, from buildx', () => {
    expect(read(JSON.stringify(buildx, null, 2))).toEqual([
      `acme/x:v1@${DIGEST}`,
      'buildx',
    ]);
  });

  it.each([
    ['of several tags in one repository', 'r.io/x:v1,r.io/x:latest', 'v1'],
    ['pushed by digest', 'r.io/x', undefined],
  ])('reads an image %s', (_what, name, tag) => {
    const { ref } = parseOutputRef(
      JSON.stringify({ ...buildx, 'image.name': name }),
      'ref.txt',
    );
    expect(ref).toEqual({ domain: 'r.io', path: 'x', tag, digest: DIGEST });
  });

  it("leaves out what Docker's own store calls a digest, its image id", () => {
    const loaded = { ...buildx, 'containerimage.digest': CONFIG };
    expect(read(JSON.stringify(loaded))[0]).toBe('acme/x:v1');
  });

  it('reads the one target of bake', () => {
    const bake = { 'buildx.build.warnings': [{ level: 1 }], web: buildx };
    expect(read(JSON.stringify(bake))).toEqual([
      `acme/x:v1@${DIGEST}`,
      'buildx',
    ]);
  });

  it('reads an image without a digest', () => {
    expect(read('{"image.name":"r.io/x:v1"}')[0]).toBe('r.io/x:v1');
  });

  it('takes the digest of the manifest, not the image id, from Jib', () => {
    expect(read(JSON.stringify(jib))).toEqual([
      `gcr.io/acme/x:v1@${DIGEST}`,
      'jib',
    ]);
  });

  it('knows that Jib leaves the tag latest out', () => {
    const latest = { ...jib, image: 'localhost:5000/x', tags: ['latest'] };
    expect(read(JSON.stringify(latest))[0]).toBe(
      `localhost:5000/x:latest@${DIGEST}`,
    );
  });

  it('reads any image of Jib and of buildx', () => {
    fc.assert(
      fc.property(imageReference, sha256, (given, digest) => {
        const ref = { ...given, tag: given.tag ?? 'v1', digest };
        const name = formatReference({ ...ref, digest: undefined });
        for (const value of [
          { image: name, imageDigest: digest },
          { 'image.name': name, 'containerimage.digest': digest },
        ]) {
          expect(parseOutputRef(JSON.stringify(value), 'f').ref).toEqual(ref);
        }
      }),
    );
  });
});

describe('parseOutputRef refuses', () => {
  it.each([
    ['an empty file', '\ufeff \r\n', /it is empty/, /writes it when/],
    ['two refs', 'x:1\ny:1', /two refs, "x:1" and "y:1"/, /Write one/],
    ['two tags', 'x:1\nx:2', /two refs, "x:1" and "x:2"/, /Write one/],
    [
      "ko's index and its platforms",
      `x@${DIGEST}\nx@${CONFIG}`,
      /two refs/,
      /what ko build prints/,
    ],
    ['a name alone', 'x', /"x" has no tag and no digest/, /name:tag/],
    ['an image id', CONFIG, /without a name/, /name@digest/],
    ['the hex of one', 'a'.repeat(64), /image id/, /nothing else/],
    ['quotes', '"x:1"', /is not an image/, /no quotes/],
    ['a log line', 'Built x:1', /"Built x:1" is not an/, /nothing else/],
    ['an escape', '\u001b[2Jx', /"\\u001b\[2Jx" is not/, /nothing else/],
    ['UTF-16', 'x\0:\x001\0', /not UTF-8/, /Set-Content/],
    ['torn JSON', '{"image', /begins like JSON/, /write the ref alone/],
    ['other JSON', '{"a":{"b":1}}', /no builder we know/, /jib-image/],
    ['a list', '["x:1"]', /is not an image/, /nothing else/],
    [
      'an image without a name',
      JSON.stringify({ 'containerimage.digest': DIGEST }),
      /no name in it/,
      /Build with -t/,
    ],
    [
      'an image of two repositories',
      JSON.stringify({ ...buildx, 'image.name': 'a:1,b:1' }),
      /two refs, "a:1" and "b:1"/,
      /Write one/,
    ],
    [
      'several targets of bake',
      JSON.stringify({ web: buildx, api: buildx }),
      /several targets: "web", "api"/,
      /Name one target/,
    ],
    [
      'a digest that is none',
      JSON.stringify({ ...jib, imageDigest: 'sha256:0' }),
      /"imageDigest" in it is no digest/,
      /jib-image/,
    ],
    [
      'more than 64 KiB',
      `x:1${'\n'.repeat(MAX_OUTPUT_REF_BYTES)}`,
      /larger than 64 KiB/,
      /PROVENANCE/,
    ],
  ])('%s, and says why and what to do', (_what, text, why, hint) => {
    const error = faultOf(text);
    expect(error).toEqual(slipwayError('SLIPWAY_E_OUTPUT_REF', why));
    expect(error.message).toMatch(/^ref\.txt /);
    expect(error.hint).toMatch(hint);
  });

  it('a long line, of which it shows the beginning', () => {
    expect(faultOf('X'.repeat(5000)).message.length).toBeLessThan(400);
  });
});

/** For values of `fc.anything` that JSON cannot hold. */
function jsonSafe(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
