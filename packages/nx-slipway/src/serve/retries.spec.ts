import { manualClock } from '../testing/manual-clock';
import { Retries } from './retries';

function retries() {
  const clock = manualClock();
  const tries: number[] = [];
  const made = new Retries(clock, () => tries.push(clock.now()));
  return { clock, tries, made };
}

describe('retries', () => {
  it('come later and later, each once', () => {
    const { clock, tries, made } = retries();
    for (let failure = 0; failure < 7; failure++) {
      made.later();
      clock.advance(3_600_000);
    }
    const waited = tries.map((at, index) => at - index * 3_600_000);
    expect(waited).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('that failures follow each other at once are one, counted from the last', () => {
    const { clock, tries, made } = retries();
    made.later();
    clock.advance(500);
    made.later();
    clock.advance(1999);
    expect(tries).toEqual([]);
    clock.advance(1);
    expect(tries).toEqual([2500]);
    expect(clock.timers).toBe(0);
  });

  it('are none while something is tried for another reason', () => {
    const { clock, tries, made } = retries();
    made.later();
    made.begun();
    clock.advance(60_000);
    expect(tries).toEqual([]);
  });

  it('begin anew after what went well', () => {
    const { clock, tries, made } = retries();
    made.later();
    made.later();
    made.over();
    expect(clock.timers).toBe(0);
    made.later();
    clock.advance(1000);
    expect(tries).toEqual([1000]);
  });

  it('come once after a sleep of hours, however much is due by then', () => {
    const { clock, tries, made } = retries();
    made.later();
    clock.advance(8 * 3_600_000);
    expect(tries).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });
});
