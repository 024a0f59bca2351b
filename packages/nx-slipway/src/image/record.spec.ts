import fc from 'fast-check';
import { imageName, sha256 } from '../testing/arbitraries';
import { parseRecord, serializeRecord, type ImageRecord } from './record';
import { familiarName } from './reference';

const record: ImageRecord = {
  schema: 1,
  name: 'gcr.io/acme/x',
  contentId: `sha256:${'a'.repeat(64)}`,
  platform: 'linux/amd64',
  inputHash: `sha256:${'b'.repeat(64)}`,
};

const anyRecord: fc.Arbitrary<ImageRecord> = fc.record({
  schema: fc.constant(1 as const),
  name: imageName.map(familiarName),
  contentId: sha256,
  platform: fc.constantFrom('linux/amd64', 'linux/arm/v7', 'windows/amd64'),
  inputHash: sha256,
});

describe('a record', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyRecord, (written) => {
        expect(parseRecord(serializeRecord(written))).toEqual(written);
      }),
    );
  });

  it('has the same bytes for the same result', () => {
    const { inputHash, platform, contentId, name, schema } = record;
    const shuffled = { inputHash, platform, contentId, name, schema };
    expect(serializeRecord(shuffled)).toBe(serializeRecord(record));
    expect(serializeRecord(record)).toMatch(/^\{\n {2}"schema": 1,[^]*\}\n$/);
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
    ['grown without bound', change({ name: 'x'.repeat(5000) })],
  ])('is not read when it is %s', (_what, text) => {
    expect(parseRecord(text)).toBeUndefined();
  });
});

function change(fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ ...record, ...fields }, null, 2)}\n`;
}
