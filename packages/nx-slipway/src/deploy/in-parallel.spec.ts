import { inParallel } from './in-parallel';

describe('work in parallel', () => {
  it('is sixteen at a time, with results in order', async () => {
    let now = 0;
    let most = 0;
    const items = Array.from({ length: 50 }, (_, at) => at);
    const results = await inParallel(items, async (item) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      return item * 2;
    });
    expect(most).toBe(16);
    expect(results).toEqual(items.map((item) => item * 2));
  });

  it('ends what has begun when one fails, begins no more, and throws the first', async () => {
    const ended: number[] = [];
    const working = inParallel(
      [0, 1, 2, 3],
      async (item) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (item === 0) throw new Error('no');
        await new Promise((resolve) => setImmediate(resolve));
        ended.push(item);
      },
      2,
    );
    await expect(working).rejects.toThrow('no');
    expect(ended).toEqual([1]);
  });
});
