import { Vigil } from './vigil';

/** A vigil whose clock the test moves. */
function vigilAt() {
  let clock = 0;
  const vigil = new Vigil(() => clock);
  return {
    vigil,
    /** Looks every `step` milliseconds, for `time`; the last answer. */
    look(time: number, touched: number | undefined, step = 200) {
      let isOver = false;
      for (const end = clock + time; clock < end;) {
        clock += step;
        isOver = vigil.isOver('claim', touched);
      }
      return isOver;
    },
  };
}

describe('a vigil', () => {
  it('is over after a minute in which nothing was touched', () => {
    const { look } = vigilAt();
    expect(look(60_000, 1)).toBe(false);
    expect(look(200, 1)).toBe(true);
  });

  it('begins anew with each touch, in whichever direction clocks differ', () => {
    const { look } = vigilAt();
    expect(look(59_000, 5)).toBe(false);
    expect(look(59_000, 4)).toBe(false);
    expect(look(59_000, 1e15)).toBe(false);
    expect(look(2000, 1e15)).toBe(true);
  });

  it('counts no time in which nobody looked', () => {
    const { look } = vigilAt();
    look(1000, 1);
    // The machine slept for an hour, and so did the owner.
    expect(look(1, 1, 3_600_000)).toBe(false);
    expect(look(50_000, 1)).toBe(false);
    expect(look(9000, 1)).toBe(true);
  });

  it('ends for a file that is gone too', () => {
    const { look } = vigilAt();
    expect(look(61_000, undefined)).toBe(true);
  });

  it('watches each by itself', () => {
    const { vigil, look } = vigilAt();
    look(61_000, 1);
    expect(vigil.isOver('claim', 1)).toBe(true);
    expect(vigil.isOver('other', 1)).toBe(false);
  });
});
