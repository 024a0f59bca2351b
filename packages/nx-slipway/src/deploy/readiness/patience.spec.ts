import fc from 'fast-check';
import { manualClock } from '../../testing/manual-clock';
import type { LiveObject } from '../live';
import type { Expected, Waiting } from './expected';
import { Patience } from './patience';
import type { PodTrouble, Weight } from './pod-trouble';
import { failed, failing, waiting as waits } from './status';

const object = (name: string): LiveObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, uid: name },
});

const trouble = (weight: Weight, restarts = 1): PodTrouble => ({
  pod: object('pod'),
  container: 'main',
  reason: 'Broken',
  weight,
  restarts,
  hasRestarted: false,
});

const waiting = (parts: Partial<Waiting> = {}, name = 'web'): Waiting => ({
  expected: { applied: object(name) } as Expected,
  verdict: waits('0 of 1 pods are available'),
  ending: 0,
  ...parts,
});

describe('patience', () => {
  it.each<[string, Partial<Waiting>, number]>([
    ['a failure for good', { verdict: failed('Failed') }, 0],
    ['a failure that may pass', { verdict: failing('FailedCreate') }, 10_000],
    ['a pod that is hopeless', { trouble: trouble('now') }, 0],
    ['a Secret that is missing', { trouble: trouble('lasting') }, 10_000],
    ['a pod that fits nowhere', { trouble: trouble('node') }, 15_000],
    ['a registry that does not answer', { trouble: trouble('pull') }, 30_000],
  ])('with %s ends in time', (_, parts, ms) => {
    const clock = manualClock();
    const patience = new Patience(() => clock.now());
    const look = () => patience.hopeless([waiting(parts)], 0).length;
    if (ms > 0) {
      expect(look()).toBe(0);
      clock.advance(ms - 1);
      expect(look()).toBe(0);
      clock.advance(1);
    }
    expect(look()).toBe(1);
  });

  it('begins anew when a trouble has gone', () => {
    const clock = manualClock();
    const patience = new Patience(() => clock.now());
    const ill = [waiting({ trouble: trouble('lasting') })];
    patience.hopeless(ill, 0);
    clock.advance(9000);
    patience.hopeless([waiting()], 0);
    clock.advance(9000);
    expect(patience.hopeless(ill, 0)).toEqual([]);
  });

  it.each<[string, Partial<Waiting>]>([
    ['for room on a node', { trouble: trouble('node') }],
    ['for room in a quota', { verdict: failing('FailedCreate') }],
  ])('waits %s while pods of before end', (_, parts) => {
    const clock = manualClock();
    const patience = new Patience(() => clock.now());
    const ending = [waiting({ ...parts, ending: 1 })];
    patience.hopeless(ending, 0);
    clock.advance(600_000);
    expect(patience.hopeless(ending, 0)).toEqual([]);
    const ended = [waiting(parts)];
    expect(patience.hopeless(ended, 0)).toEqual([]);
    clock.advance(15_000);
    expect(patience.hopeless(ended, 0)).toEqual(ended);
  });

  it('waits for a node that is on its way', () => {
    const clock = manualClock();
    const patience = new Patience(() => clock.now());
    patience.excuse(trouble('node'));
    const pending = [waiting({ trouble: trouble('node') })];
    patience.hopeless(pending, 0);
    clock.advance(600_000);
    expect(patience.hopeless(pending, 0)).toEqual([]);
  });

  describe('with a container that crashes', () => {
    const patience = () => new Patience(() => 0);
    const api = (restarts: number) =>
      waiting({ trouble: trouble('crash', restarts) }, 'api');
    const db = waiting({}, 'db');

    it('ends at once if it is alone', () => {
      expect(patience().hopeless([api(1)], 0)).toHaveLength(1);
    });

    it('ends at once if all that it could wait for is in trouble, too', () => {
      const ill = waiting({ trouble: trouble('lasting') }, 'db');
      expect(patience().hopeless([api(1), ill], 0)).toEqual([api(1)]);
    });

    it('lasts while its database comes, and until the next start after', () => {
      const lasting = patience();
      expect(lasting.hopeless([api(1), db], 0)).toEqual([]);
      expect(lasting.hopeless([api(2), db], 0)).toEqual([]);
      // The database is ready now.
      expect(lasting.hopeless([api(2)], 1)).toEqual([]);
      expect(lasting.hopeless([api(3)], 1)).toEqual([api(3)]);
    });

    it('gives it one more start if something came just before', () => {
      const lasting = patience();
      expect(lasting.hopeless([api(1)], 1)).toEqual([]);
      expect(lasting.hopeless([api(2)], 1)).toEqual([api(2)]);
    });

    it('ends after three starts, whatever may come', () => {
      expect(patience().hopeless([api(3), db], 0)).toEqual([api(3)]);
    });
  });

  it('never loses what only waits', () => {
    const times = fc.array(fc.nat(100_000), { maxLength: 20 });
    fc.assert(
      fc.property(times, fc.nat(3), (steps, ending) => {
        const clock = manualClock();
        const patience = new Patience(() => clock.now());
        for (const step of steps) {
          clock.advance(step);
          expect(patience.hopeless([waiting({ ending })], 0)).toEqual([]);
        }
      }),
    );
  });
});
