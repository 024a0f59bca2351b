import fc from 'fast-check';
import { SlipwayError } from '../report';
import { MAX_WAIT_MS, Transient, parseRetryAfter, withRetries } from './retry';

const error = new SlipwayError({
  code: 'SLIPWAY_E_REGISTRY_FAILED',
  message: 'busy',
});

/** Runs work that fails as it is told, and keeps the waits. */
async function run(
  failures: readonly Error[],
  random = 0.5,
): Promise<{ waits: number[]; result: unknown }> {
  const waits: number[] = [];
  const told: number[] = [];
  let attempts = 0;
  const result = await withRetries(
    async () => {
      const failure = failures[attempts];
      attempts += 1;
      await Promise.resolve();
      if (failure) throw failure;
      return attempts;
    },
    {
      random: () => random,
      sleep: (ms) => Promise.resolve(void waits.push(ms)),
      onWait: (ms) => told.push(ms),
    },
  ).catch((reason: unknown) => reason);
  expect(told).toEqual(waits);
  return { waits, result };
}

const busy = (wait?: number) => new Transient(error, wait);

describe('withRetries', () => {
  it('gives what work gives, and waits for nothing', async () => {
    expect(await run([])).toEqual({ waits: [], result: 1 });
  });

  it('waits longer each time, and gives up after four attempts', async () => {
    expect(await run([busy(), busy(), busy()])).toEqual({
      waits: [300, 900, 2700],
      result: 4,
    });
    const { waits, result } = await run([busy(), busy(), busy(), busy()]);
    expect(waits).toHaveLength(3);
    expect(result).toBe(error);
  });

  it('does not try again what will not pass', async () => {
    const defect = new TypeError('defect');
    const { waits, result } = await run([busy(), defect]);
    expect(waits).toHaveLength(1);
    expect(result).toBe(defect);
  });

  it('waits as long as it is asked to, within limits', async () => {
    expect((await run([busy(5000)])).waits).toEqual([5000]);
    expect((await run([busy(3_600_000)])).waits).toEqual([MAX_WAIT_MS]);
    const { waits, result } = await run([
      busy(30_000),
      busy(30_000),
      busy(30_000),
    ]);
    expect(waits).toEqual([30_000, 30_000]);
    expect(result).toBe(error);
  });

  it('never waits more than a minute in all', async () => {
    const wait = fc.option(fc.nat({ max: 100_000 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.array(wait, { maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (list, random) => {
          const { waits } = await run(list.map(busy), random);
          expect(waits.every((ms) => ms >= 0 && ms <= MAX_WAIT_MS)).toBe(true);
          expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(
            60_000,
          );
        },
      ),
    );
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(2026, 0, 1);

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:07 GMT', 7000],
    ['Wed, 31 Dec 2025 00:00:07 GMT', 0],
    ['', undefined],
    ['soon', undefined],
  ])('reads "%s"', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});
