import fc from 'fast-check';
import { Slots } from './slots';

describe('slots', () => {
  it('never has more than so many at work, and lets all come to it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.boolean(), { maxLength: 20 }),
        async (limit, fails) => {
          const slots = new Slots(limit);
          let now = 0;
          const work = fails.map((isFailing) =>
            slots.take(async () => {
              now += 1;
              expect(now).toBeLessThanOrEqual(limit);
              await new Promise((resolve) => setImmediate(resolve));
              now -= 1;
              if (isFailing) throw new Error('failed');
              return 'done';
            }),
          );
          const ends = await Promise.allSettled(work);
          expect(ends.map(({ status }) => status === 'rejected')).toEqual(
            fails,
          );
          expect(slots.isFull).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('lets the next one in when one leaves before it is done', async () => {
    const slots = new Slots(1);
    let end!: () => void;
    const first = slots.take((leave) => {
      leave();
      leave();
      return new Promise<void>((resolve) => (end = resolve));
    });
    await slots.take(() => Promise.resolve());
    expect(slots.isFull).toBe(false);
    end();
    await first;
    expect(slots.isFull).toBe(false);
  });

  it('goes by the order of asking', async () => {
    const slots = new Slots(1);
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3].map((each) =>
        slots.take(() => Promise.resolve(order.push(each))),
      ),
    );
    expect(order).toEqual([1, 2, 3]);
  });
});
