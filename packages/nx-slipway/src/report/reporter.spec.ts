import { Phases, formatDuration } from './reporter';

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [0.4, '0ms'],
    [310, '310ms'],
    [999.4, '999ms'],
    [999.6, '1.0s'],
    [1400, '1.4s'],
    [59_949, '59.9s'],
    [59_960, '1m00s'],
    [125_400, '2m05s'],
    [3_600_000, '60m00s'],
  ])('writes %s ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('Phases', () => {
  /** A clock that only moves when told to. */
  function phasesOnClock() {
    let now = 1000;
    const phases = new Phases(() => now);
    const take = (ms: number) => () => {
      now += ms;
      return Promise.resolve(ms);
    };
    return { phases, take };
  }

  it('adds up what each took, in the order they first ran', async () => {
    const { phases, take } = phasesOnClock();
    await phases.measure('hash', take(5));
    await phases.measure('build', take(310));
    await phases.measure('hash', take(3));
    expect(phases.toString()).toBe('318ms  hash 8ms · build 310ms');
  });

  it('counts the time once in which two ran at once', async () => {
    const { phases, take } = phasesOnClock();
    await phases.measure('push', () => phases.measure('hash', take(5)));
    expect(phases.toString()).toBe('5ms  hash 5ms · push 5ms');
  });

  it('hands on what the work returns', async () => {
    const { phases, take } = phasesOnClock();
    await expect(phases.measure('hash', take(5))).resolves.toBe(5);
  });

  it('counts a step that fails, and hands its error on', async () => {
    const { phases, take } = phasesOnClock();
    const failing = phases.measure('build', async () => {
      await take(7)();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(phases.toString()).toBe('7ms  build 7ms');
  });
});
