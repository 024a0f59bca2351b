import fc from 'fast-check';
import { imageName, imageReference, sha256 } from '../testing/arbitraries';
import { parseRecord, serializeRecord, type ImageRecord } from './record';
import { familiarName, formatReference } from './reference';

const record: ImageRecord = {
  schema: 1,
  name: 'gcr.io/acme/x',
  contentId: `sha256:${'a'.repeat(64)}`,
  platform: 'linux/amd64',
  inputHash: `sha256:${'b'.repeat(64)}`,
};

const pinnedRef = imageReference
  .filter(({ tag, digest }) => tag !== undefined || digest !== undefined)
  .map(formatReference);

const fields: {
  [Field in keyof Required<ImageRecord>]: fc.Arbitrary<ImageRecord[Field]>;
} = {
  schema: fc.constant(1 as const),
  name: imageName.map(familiarName),
  contentId: sha256,
  platform: fc.constantFrom('linux/amd64', 'linux/arm/v7', 'windows/amd64'),
  inputHash: sha256,
  ref: pinnedRef,
};
const anyRecord = fc.record(fields, {
  requiredKeys: ['schema', 'name', 'contentId', 'platform', 'inputHash'],
});

describe('a record', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyRecord, (written) => {
        expect(parseRecord(serializeRecord(written))).toEqual(written);
      }),
    );
  });

  it('is read as version 0.1.0 wrote it, for caches keep it', () => {
    const id = (digit: string) => `sha256:${digit.repeat(64)}`;
    const text = `{
  "schema": 1,
  "name": "gcr.io/acme/x",
  "contentId": "${id('a')}",
  "platform": "linux/amd64",
  "inputHash": "${id('b')}",
  "ref": "gcr.io/acme/x:v1"
}
`;
    expect(parseRecord(text)).toEqual({ ...record, ref: 'gcr.io/acme/x:v1' });
  });

  it('has the same bytes for the same result', () => {
    const { inputHash, platform, contentId, name, schema } = record;
    const shuffled = { inputHash, platform, contentId, name, schema };
    expect(serializeRecord(shuffled)).toBe(serializeRecord(record));
    expect(serializeRecord(record)).toMatch(/^\{\n {2}"schema": 1,[^]*\}\n$/);
  });

  it('ends with the ref that a script wrote, where there is one', () => {
    const ref = 'gcr.io/acme/x:v1';
    const text = serializeRecord({ ref, ...record });
    expect(text).toBe(change({ ref }));
    expect(serializeRecord({ ...record, ref: undefined })).toBe(change({}));
    expect(parseRecord(text)).toEqual({ ...record, ref });
  });

  it('is refused when a byte of it changed, or says just what stands there', () => {
    fc.assert(
      fc.property(
        anyRecord,
        fc.nat(),
        fc.nat(255),
        fc.constantFrom(0, 1),
        fc.constantFrom(0, 1),
        (written, at, byte, removed, added) => {
          const bytes = Buffer.from(serializeRecord(written));
          const from = at % bytes.length;
          const text = Buffer.concat([
            bytes.subarray(0, from),
            Buffer.from([byte]).subarray(0, added),
            bytes.subarray(from + removed),
          ]).toString();
          const read = parseRecord(text);
          if (read) expect(serializeRecord(read)).toBe(text);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is never read with a value of another kind in it', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '../../etc/passwd',
        'x:v1; reboot',
        'x:$(reboot)',
        '`reboot`',
        'x:v1\n',
        ' x:v1',
        '-x',
        '',
        'x'.repeat(100_000),
      ),
      fc.constantFrom(null, true, 1, 1.5, [], {}, ['x:v1'], { toString: 'x' }),
    );
    const field = fc.constantFrom(...Object.keys(fields));
    fc.assert(
      fc.property(field, hostile, (name, value) => {
        fc.pre(!(name === 'schema' && value === 1));
        expect(parseRecord(change({ [name]: value }))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['__proto__', '{"schema":1}'],
    ['constructor', '"x"'],
    // The last one of two keys counts when JSON is parsed.
    ['name', '"other"'],
    ['name', '"gcr.io/acme/x"'],
  ])('is not read with one more key %s, wherever it stands', (key, value) => {
    const lines = serializeRecord(record).split('\n');
    for (let at = 1; at < lines.length - 2; at += 1) {
      const more = [...lines];
      more.splice(at, 0, `  "${key}": ${value},`);
      expect(parseRecord(more.join('\n'))).toBeUndefined();
    }
  });

  it('is never read from garbage', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseRecord(text)).toBeUndefined();
      }),
    );
  });

  it('is never read from an object that only looks like one', () => {
    const anything = fc.anything();
    const lookalike = fc.record(
      {
        schema: fc.constantFrom(1, 2, '1'),
        name: fc.oneof(fc.constant('x'), fc.string(), anything),
        contentId: fc.oneof(sha256, fc.string(), anything),
        platform: fc.oneof(fc.constant('linux/amd64'), fc.string(), anything),
        inputHash: fc.oneof(sha256, anything),
        extra: anything,
      },
      { requiredKeys: ['extra'] },
    );
    fc.assert(
      fc.property(lookalike, (value) => {
        // Values that JSON has no word for leave nothing behind.
        fc.pre(JSON.stringify(value.extra) !== undefined);
        expect(parseRecord(JSON.stringify(value, null, 2))).toBeUndefined();
      }),
    );
  });

  it.each([
    ['torn', serializeRecord(record).slice(0, -10)],
    ['of another schema', serializeRecord(record).replace('1', '2')],
    ['with a field of no meaning', change({ digest: 'sha256:0' })],
    ['of no image', change({ name: '' })],
    ['of a name that is none', change({ name: '$(reboot)' })],
    ['of a name with a tag', change({ name: 'x:latest' })],
    ['of a platform that is none', change({ platform: 'linux' })],
    ['with a short content id', change({ contentId: 'sha256:00' })],
    ['with no input hash', change({ inputHash: undefined })],
    ['with a ref of no tag and no digest', change({ ref: 'gcr.io/acme/x' })],
    ['with a ref in another form', change({ ref: 'docker.io/library/x:v1' })],
    ['with a ref before its place', misplaced({ ref: 'x:v1' })],
    ['grown without bound', change({ name: 'x'.repeat(5000) })],
  ])('is not read when it is %s', (_what, text) => {
    expect(parseRecord(text)).toBeUndefined();
  });
});

function change(fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ ...record, ...fields }, null, 2)}\n`;
}

function misplaced(fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ ...fields, ...record }, null, 2)}\n`;
}
