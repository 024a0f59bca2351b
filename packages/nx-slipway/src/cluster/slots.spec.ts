import { Slots } from './slots';

describe('slots', () => {
  it('let so many go on at a time, in their order, whatever comes of them', async () => {
    const slots = new Slots(2);
    const began: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((at) =>
      slots.run(async () => {
        began.push(at);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (at === 1) throw new Error('one fails');
        return at;
      }),
    );
    const settled = Promise.allSettled(all);
    expect(began).toEqual([0, 1]);
    ends[1]?.();
    await expect(all[1]).rejects.toThrow('one fails');
    expect(began).toEqual([0, 1, 2]);
    ends[0]?.();
    await all[0];
    expect(began).toEqual([0, 1, 2, 3]);
    for (const end of ends) end();
    await settled;
    expect(await slots.run(() => Promise.resolve('free'))).toBe('free');
  });
});
