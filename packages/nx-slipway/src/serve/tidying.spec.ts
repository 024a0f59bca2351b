import { manualClock } from '../testing/manual-clock';
import { Tidying } from './tidying';

function stage() {
  const clock = manualClock();
  const done: string[] = [];
  const mode = { isBusy: false };
  const tidying = new Tidying(clock, () => mode.isBusy);
  const later = (key: string, what = key) =>
    tidying.later(key, () => Promise.resolve(done.push(what)));
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, done, mode, tidying, later, pass };
}

describe('tidying', () => {
  it('waits until nothing has been built for a while, and does the last of each', async () => {
    const { done, later, pass } = stage();
    later('one', 'first of one');
    await pass(2_900);
    later('one', 'second of one');
    later('two');
    await pass(2_900);
    expect(done).toEqual([]);
    await pass(100);
    expect(done).toEqual(['second of one', 'two']);
    await pass(100_000);
    expect(done).toHaveLength(2);
  });

  it('leaves a build in peace that takes long, though not for ever', async () => {
    const { done, mode, later, pass } = stage();
    mode.isBusy = true;
    later('one');
    for (let seconds = 0; seconds < 57; seconds += 3) await pass(3_000);
    expect(done).toEqual([]);
    await pass(3_000);
    expect(done).toEqual(['one']);
  });

  it('comes to its turn while somebody saves all the time', async () => {
    const { done, later, pass } = stage();
    for (let seconds = 0; seconds < 60; seconds += 1) {
      later('one');
      await pass(1_000);
    }
    expect(done).toEqual(['one']);
  });

  it('stops where a build begins, and goes on after it', async () => {
    const { done, mode, tidying, later, pass } = stage();
    tidying.later('one', () => {
      mode.isBusy = true;
      return Promise.resolve(done.push('one'));
    });
    later('two');
    await pass(3_000);
    expect(done).toEqual(['one']);
    mode.isBusy = false;
    await pass(3_000);
    expect(done).toEqual(['one', 'two']);
  });

  it('lets a build begin when the one that is under way has ended', async () => {
    const { done, mode, tidying, later, pass } = stage();
    let end!: () => void;
    tidying.later('one', () => new Promise<void>((resolve) => (end = resolve)));
    later('two');
    await pass(3_000);
    mode.isBusy = true;
    const paused = tidying.pause().then(() => done.push('build'));
    await pass(0);
    expect(done).toEqual([]);
    end();
    await paused;
    expect(done).toEqual(['build']);
  });

  it('is over with the serve, and waits for what is under way', async () => {
    const { clock, done, tidying, later, pass } = stage();
    let end!: () => void;
    tidying.later('one', () => new Promise<void>((resolve) => (end = resolve)));
    later('two');
    await pass(3_000);
    const closed = jest.fn();
    const closing = tidying.close().then(closed);
    later('three');
    await pass(100_000);
    expect(closed).not.toHaveBeenCalled();
    end();
    await closing;
    await pass(100_000);
    expect(done).toEqual([]);
    expect(clock.timers).toBe(0);
  });
});
