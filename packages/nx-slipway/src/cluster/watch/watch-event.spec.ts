import fc from 'fast-check';
import { readEvent } from './watch-event';

describe('a line of a watch', () => {
  const object = { metadata: { name: 'a' } };

  it('is an event', () => {
    for (const type of ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']) {
      const event = { type, object };
      expect(readEvent(JSON.stringify(event))).toEqual(event);
    }
  });

  it('is an error, of whatever kind', () => {
    expect(readEvent('{"type":"ERROR","object":{"code":410}}')).toEqual({
      type: 'ERROR',
    });
  });

  it.each(['', '{"type":"ADDED","object":{"meta', 'null', '"x"', '[]'])(
    'is nothing if it is %j',
    (line) => {
      expect(readEvent(line)).toBeUndefined();
    },
  );

  it('is nothing without an object that has metadata, or of a type unknown', () => {
    for (const event of [
      { type: 'ADDED' },
      { type: 'ADDED', object: null },
      { type: 'ADDED', object: { metadata: null } },
      { type: 'RENAMED', object },
    ]) {
      expect(readEvent(JSON.stringify(event))).toBeUndefined();
    }
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        readEvent(line);
      }),
    );
  });
});
