import fc from 'fast-check';
import { RECORDED, replay, type Recorded } from './testing/replay';

/** Workload and generation, when it was ready, what was noted. */
const GOOD: readonly (readonly [string, number, number, string])[] = [
  ['deployments fresh/fresh', 1, 4638, ''],
  ['statefulsets fresh/fresh', 1, 4780, ''],
  ['deployments rec/web', 1, 5699, ''],
  ['deployments rec/web', 2, 26549, ''],
  // Back to the template before one whose deadline was over.
  ['deployments rec/web', 4, 59512, ''],
  ['deployments rec/recreate', 1, 7971, ''],
  ['deployments rec/recreate', 2, 25099, ''],
  // Until its controller has seen it, a new one says that it is for no node.
  ['daemonsets rec/agent', 1, 5592, ''],
  ['daemonsets rec/agent', 2, 24274, ''],
  ['statefulsets rec/db', 1, 8934, ''],
  ['statefulsets rec/db', 2, 26420, ''],
  // OnDelete is of changes: its first pods are waited for.
  ['statefulsets rec/manual', 1, 7079, ''],
  ['statefulsets rec/manual', 2, 22605, 'OnDelete'],
  ['daemonsets rec/manual', 1, 8120, ''],
  ['daemonsets rec/manual', 2, 22792, 'OnDelete'],
  ['jobs rec/good', 1, 10072, ''],
];

const LOST: readonly (readonly [string, number, number, RegExp])[] = [
  [
    'deployments rec/web',
    3,
    40571,
    /pod web-\S+, container main: ErrImagePull: .*nowhere:1: not found/,
  ],
  [
    'statefulsets rec/wedge',
    2,
    26553,
    /pod wedge-0, container main: CrashLoopBackOff: it ends with exit code 1/,
  ],
  // Mended, but for the pod of before: ten seconds of it, and the next look.
  [
    'statefulsets rec/wedge',
    3,
    49912,
    /of the template before.*kubectl delete pod wedge-0/,
  ],
  [
    'jobs rec/bad',
    1,
    10082,
    /BackoffLimitExceeded.*; pod bad-\S+: container main has ended with exit code 1/,
  ],
  ['deployments quota/over', 1, 15715, /FailedCreate: .*exceeded quota: none/],
  ['statefulsets quota/over', 1, 16215, /FailedCreate: .*exceeded quota: none/],
  ['daemonsets quota/over', 1, 16715, /FailedCreate: .*exceeded quota: none/],
  ['jobs quota/over', 1, 16715, /FailedCreate: .*exceeded quota: none/],
];

/** Watches of several kinds know nothing of each other. */
const lateness = fc.record({
  replicasets: fc.nat(3000),
  pods: fc.nat(3000),
  events: fc.nat(3000),
});

function late(by: Readonly<Record<string, number>>): Recorded[] {
  return RECORDED.map((each) => ({ ...each, t: each.t + (by[each.in] ?? 0) }))
    .map((each, at) => ({ each, at }))
    .sort((a, b) => a.each.t - b.each.t || a.at - b.at)
    .map(({ each }) => each);
}

describe('a rollout as Kubernetes told it', () => {
  it.each(GOOD)('of %s, generation %i, is ready at %i', (...row) => {
    const [what, generation, t, note] = row;
    const outcome = replay(what, generation);
    expect(outcome).toMatchObject({ state: 'ready', t });
    expect(outcome.words).toMatch(note);
  });

  it.each(LOST)('of %s, generation %i, is lost at %i', (...row) => {
    const [what, generation, t, words] = row;
    const outcome = replay(what, generation);
    expect(outcome).toMatchObject({ state: 'lost', t });
    expect(outcome.words).toMatch(words);
  });

  it('is ready no sooner, and is not lost, however late the other watches are', () => {
    const rows = fc.constantFrom(...GOOD);
    fc.assert(
      fc.property(rows, lateness, ([what, generation, t], by) => {
        expect(replay(what, generation, late(by))).toMatchObject({
          state: 'ready',
          t,
        });
      }),
    );
  });

  it('is lost some time, however late the other watches are', () => {
    const rows = fc.constantFrom(...LOST);
    fc.assert(
      fc.property(rows, lateness, ([what, generation], by) => {
        expect(replay(what, generation, late(by)).state).toBe('lost');
      }),
    );
  });
});
