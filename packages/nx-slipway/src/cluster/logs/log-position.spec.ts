import fc from 'fast-check';
import { LogPosition } from './log-position';

const START = Date.UTC(2026, 0, 1) / 1000;
const NANOS = 1_000_000_000;

interface Line {
  readonly second: number;
  readonly nanos: number;
  readonly index: number;
}

/** As two streams write it: many of one moment, some out of order. */
const logs = fc
  .array(
    fc.record({
      step: fc.constantFrom(0, 0, 1, 400_000_000, 3 * NANOS),
      late: fc.constantFrom(0, 0, 0, 1, 900_000_000),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let time = 0;
    return steps.map(({ step, late }, index): Line => {
      time += step;
      const at = Math.max(0, time - late);
      return {
        second: START + Math.floor(at / NANOS),
        nanos: at % NANOS,
        index,
      };
    });
  });

/** What the server has of it, for a stream that is opened now. */
function served(lines: readonly Line[], since: string | undefined) {
  const from = since === undefined ? 0 : Date.parse(since) / 1000;
  return lines.filter(({ second }) => second >= from);
}

it('tells each line once, wherever the stream breaks', () => {
  const breaks = fc.array(
    fc.record({ written: fc.nat(20), read: fc.double({ min: 0, max: 1 }) }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(logs, breaks, (lines, cuts) => {
      const position = new LogPosition();
      const told: number[] = [];
      let written = 0;
      for (const cut of [...cuts, { written: lines.length, read: 1 }]) {
        written += cut.written;
        const there = served(lines.slice(0, written), position.reopen());
        const count = Math.ceil(there.length * cut.read);
        for (const line of there.slice(0, count)) {
          if (position.isNew(line)) told.push(line.index);
        }
      }
      expect(told).toEqual(lines.map(({ index }) => index));
    }),
  );
});

it('takes what a file has that was begun anew, though the lines before are not there', () => {
  const position = new LogPosition();
  position.reopen();
  position.isNew({ second: START, nanos: 1 });
  position.isNew({ second: START, nanos: 2 });
  expect(position.reopen()).toBe('2025-12-31T23:59:59.000Z');
  expect(position.isNew({ second: START, nanos: 2 })).toBe(false);
  expect(position.isNew({ second: START, nanos: 3 })).toBe(true);
});

it('goes on with a clock that was set back', () => {
  const position = new LogPosition();
  position.isNew({ second: START, nanos: 0 });
  expect(position.isNew({ second: START - 3600, nanos: 0 })).toBe(true);
  const since = Date.parse(position.reopen() ?? '') / 1000;
  expect(since).toBeLessThan(START - 3600);
  expect(position.isNew({ second: START, nanos: 0 })).toBe(false);
  expect(position.isNew({ second: START - 3600, nanos: 0 })).toBe(false);
  expect(position.isNew({ second: START - 3600, nanos: 1 })).toBe(true);
});

it('does not take for new what is from before its first line', () => {
  const position = new LogPosition(true);
  expect(position.reopen()).toBeUndefined();
  position.isNew({ second: START, nanos: 5 });
  position.reopen();
  expect(position.isNew({ second: START - 1, nanos: 9 })).toBe(false);
  expect(position.isNew({ second: START, nanos: 4 })).toBe(false);
  expect(position.isNew({ second: START, nanos: 5 })).toBe(false);
  expect(position.isNew({ second: START, nanos: 6 })).toBe(true);
});
