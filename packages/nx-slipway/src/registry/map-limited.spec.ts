import { mapLimited } from './map-limited';

describe('mapLimited', () => {
  it('keeps the order, and to the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapLimited([5, 4, 3, 2, 1, 0], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      running -= 1;
      return item * 2;
    });
    expect(results).toEqual([10, 8, 6, 4, 2, 0]);
    expect(most).toBe(2);
  });

  it('begins nothing more after a failure', async () => {
    const begun: number[] = [];
    const work = mapLimited([1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      await Promise.resolve();
      throw new Error(`no ${item}`);
    });
    await expect(work).rejects.toThrow('no 1');
    expect(begun).toEqual([1, 2]);
  });

  it('has nothing to do for nothing', async () => {
    expect(await mapLimited([], 4, () => Promise.reject(new Error()))).toEqual(
      [],
    );
  });
});
