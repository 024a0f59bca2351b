import { setImmediate as turn } from 'node:timers/promises';
import type { AppliedSet } from '../deploy';
import { manualClock } from '../testing/manual-clock';
import { Cycle } from './cycle';
import type { ServeEvent, Subject } from './events';
import { Rollout } from './rollout';

interface Wait {
  readonly signal: AbortSignal;
  readonly timeout: number;
  readonly ready: () => void;
  readonly fail: (error: Error) => void;
}

/** Rollouts whose readiness the test tells. */
function staged() {
  const clock = manualClock();
  const end = new AbortController();
  const events: ServeEvent[] = [];
  const waits: Wait[] = [];
  const told: string[] = [];
  const rollout = new Rollout({
    clock,
    signal: end.signal,
    timeout: 5000,
    onReady: () => told.push('ready'),
    onFailure: (error, cycles) => {
      told.push((error as Error).message);
      for (const each of cycles) each.end('failed');
    },
  });
  const applied: AppliedSet = {
    objects: [],
    pass: 'quick',
    ready: (signal, timeout) =>
      new Promise((resolve, reject) =>
        waits.push({
          ...{ signal, timeout, fail: reject },
          ready: () => resolve({ objects: [] }),
        }),
      ),
  };
  const now = () => clock.now();
  const cycle = (subject: Subject) =>
    new Cycle({ subject, at: 0, now, emit: (event) => events.push(event) });
  return {
    ...{ clock, end, waits, told, rollout },
    begin: (...subjects: Subject[]) =>
      rollout.begin(applied, subjects.map(cycle)),
    ended: () =>
      events.flatMap((event) =>
        event.type === 'cycle'
          ? [[event.image ?? event.project, event.result]]
          : [],
      ),
  };
}

const WEB = { image: 'web' };
const API = { image: 'api' };

describe('a rollout', () => {
  it('ends the cycles of what was applied when all of it is ready', async () => {
    const { clock, waits, told, begin, ended } = staged();
    begin(WEB, API);
    clock.advance(1100);
    waits[0]?.ready();
    await turn();
    expect(told).toEqual(['ready']);
    expect(ended()).toEqual([
      ['web', 'ready'],
      ['api', 'ready'],
    ]);
    expect(waits[0]?.timeout).toBe(5000);
  });

  it('gives way to the next, which takes over what is newest of each', async () => {
    const { waits, told, begin, ended } = staged();
    begin(WEB, API);
    begin(WEB);
    expect(waits[0]?.signal.aborted).toBe(true);
    expect(ended()).toEqual([['web', 'superseded']]);
    // Too late: that of the first is no news.
    waits[0]?.ready();
    await turn();
    expect(told).toEqual([]);
    waits[1]?.ready();
    await turn();
    expect(told).toEqual(['ready']);
    expect(ended()).toEqual([
      ['web', 'superseded'],
      ['api', 'ready'],
      ['web', 'ready'],
    ]);
  });

  it('that fails is told once, and followed until somebody has mended it', async () => {
    const { clock, waits, told, begin, ended } = staged();
    begin(WEB);
    waits[0]?.fail(new Error('crashes'));
    await turn();
    expect(told).toEqual(['crashes']);
    expect(ended()).toEqual([['web', 'failed']]);
    clock.advance(30_000);
    await turn();
    waits[1]?.fail(new Error('crashes'));
    await turn();
    expect(told).toEqual(['crashes']);
    clock.advance(30_000);
    await turn();
    waits[2]?.ready();
    await turn();
    expect(told).toEqual(['crashes', 'ready']);
  });

  it('is asked for once more after a sleep of hours, not once for each try that was due', async () => {
    const { clock, waits, begin } = staged();
    begin(WEB);
    waits[0]?.fail(new Error('crashes'));
    await turn();
    clock.advance(8 * 3_600_000);
    await turn();
    expect(waits).toHaveLength(2);
  });

  it('that has failed is not asked for any more once there is another, or the end', async () => {
    const { clock, end, waits, begin } = staged();
    begin(WEB);
    waits[0]?.fail(new Error('crashes'));
    await turn();
    begin(WEB);
    waits[1]?.fail(new Error('crashes'));
    await turn();
    end.abort();
    clock.advance(60_000);
    await turn();
    expect(waits).toHaveLength(2);
  });
});
