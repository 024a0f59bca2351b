import fc from 'fast-check';
import { dueAt, heldUntil, type Burst } from './due';

const bursts = fc
  .record({
    first: fc.nat(1_000_000),
    length: fc.nat(60_000),
    events: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ first, length, events }): Burst => {
    return { first, last: first + length, events };
  });

it('a save is over 5 ms after its last event', () => {
  for (const events of [1, 3, 10]) {
    const burst = { first: 100, last: 120, events };
    expect(dueAt(burst)).toBeLessThanOrEqual(125);
  }
});

it('hundreds of files may be 50 to 100 ms apart', () => {
  for (const events of [100, 200, 10_000]) {
    const rest = dueAt({ first: 0, last: 1000, events }) - 1000;
    expect(rest).toBeGreaterThanOrEqual(50);
    expect(rest).toBeLessThanOrEqual(100);
  }
});

it('one more event never makes it due sooner', () => {
  fc.assert(
    fc.property(bursts, fc.nat(1000), (burst, ms) => {
      const more = {
        ...burst,
        last: burst.last + ms,
        events: burst.events + 1,
      };
      expect(dueAt(more)).toBeGreaterThanOrEqual(dueAt(burst));
      expect(heldUntil(more)).toBeGreaterThanOrEqual(heldUntil(burst));
    }),
  );
});

it('it is due within 3 s, however long it goes on, and within 10 s if Git holds it', () => {
  fc.assert(
    fc.property(bursts, (burst) => {
      expect(dueAt(burst)).toBeLessThanOrEqual(burst.first + 3_000);
      expect(heldUntil(burst)).toBeLessThanOrEqual(burst.first + 10_000);
      expect(heldUntil(burst)).toBeGreaterThanOrEqual(dueAt(burst));
    }),
  );
});

it('Git holds a save for a second, and a checkout for ten', () => {
  expect(heldUntil({ first: 0, last: 5, events: 4 })).toBe(1_000);
  expect(heldUntil({ first: 0, last: 5, events: 10_000 })).toBe(10_000);
});
