import fc from 'fast-check';
import type { ClusterEvent } from '../events';
import { ClusterEvents } from './cluster-events';
import { ended, servedPod, waiting, type GivenPod } from './testing/pods';

const MINUTE = 60_000;

/** What is told, as `object reason: message`, and by a clock of the test. */
function watching() {
  let now = 0;
  const told: string[] = [];
  const events = new ClusterEvents({
    project: 'shop',
    now: () => now,
    since: Date.UTC(2026, 0, 2),
    onEvent: ({ object, reason, message }: ClusterEvent) =>
      told.push(`${object} ${reason}: ${message}`),
  });
  return {
    events,
    told,
    after: (ms: number) => (now += ms),
    pods: (...pods: readonly GivenPod[]) => events.update(pods.map(servedPod)),
    /** What it has told since it was asked last. */
    news: () => told.splice(0),
  };
}

const event = (reason: string, message: string, about: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e' },
  ...{ reason, message },
  involvedObject: { kind: 'Pod', name: 'web-1', uid: 'web-1', ...about },
});
const probe = (kind: string, about: object = {}) =>
  event('Unhealthy', `${kind} probe failed: refused`, {
    fieldPath: 'spec.containers{main}',
    ...about,
  });

describe('what is wrong with pods', () => {
  it('is not told of before', () => {
    const { pods, told } = watching();
    const given = { state: waiting('ImagePullBackOff') };
    pods(given, { name: 'web-2', lastState: ended(1, 'x') });
    pods(given, { name: 'web-2', lastState: ended(1, 'x') });
    expect(told).toEqual([]);
  });

  it('is told at once of a pod that serve has just made', () => {
    const { pods, told } = watching();
    const state = waiting('ErrImagePull');
    pods(
      { state },
      { name: 'web-2', hash: 'b', state, createdAt: '2026-01-02' },
    );
    expect(told).toEqual([expect.stringMatching(/^pod\/web-2 /)]);
  });

  it.each([
    ['ErrImagePull', 'why ErrImagePull'],
    ['InvalidImageName', 'why InvalidImageName'],
    ['CreateContainerConfigError', 'why CreateContainerConfigError'],
    ['RunContainerError', 'why RunContainerError'],
  ])('is told: %s', (reason, message) => {
    const { pods, told } = watching();
    pods();
    pods({ state: waiting(reason) });
    expect(told).toEqual([`pod/web-1 ${reason}: container main: ${message}`]);
  });

  it.each(['ContainerCreating', 'PodInitializing'])('is not %s', (reason) => {
    const { pods, told } = watching();
    pods();
    pods({ state: waiting(reason) });
    expect(told).toEqual([]);
  });

  it('is one line for a pull that fails, waits and fails', () => {
    const { pods, told, after } = watching();
    pods();
    for (let round = 0; round < 5; round++) {
      pods({ state: waiting('ErrImagePull') });
      after(2 * MINUTE);
      pods({ state: waiting('ImagePullBackOff') });
      after(20 * MINUTE);
    }
    expect(told).toHaveLength(1);
  });

  it('is one line for all pods of one template, and another for the next', () => {
    const { pods, news } = watching();
    const state = waiting('ImagePullBackOff');
    pods();
    pods({ state }, { name: 'web-2', state });
    expect(news()).toHaveLength(1);
    pods({ state }, { name: 'web-2', state }, { name: 'web-3', state });
    expect(news()).toHaveLength(0);
    pods({ state }, { name: 'web-4', hash: 'b', state });
    expect(news()).toEqual([expect.stringMatching(/^pod\/web-4 /)]);
    pods({ name: 'api-1', owner: 'api', state });
    expect(news()).toHaveLength(1);
  });

  it('is the end of a container with its exit code, then that it goes on so', () => {
    const { pods, news, after } = watching();
    pods({});
    pods({ state: ended(3, 'one') });
    expect(news()).toEqual(['pod/web-1 Error: container main: exit code 3']);
    pods({ lastState: ended(3, 'one') });
    pods({ state: waiting('CrashLoopBackOff'), lastState: ended(3, 'two') });
    expect(news()).toEqual([
      'pod/web-1 CrashLoopBackOff: container main: exit code 3, again and again',
    ]);
    for (let round = 0; round < 20; round++) {
      after(4 * MINUTE);
      pods({ lastState: ended(3, `${round}`) });
      after(MINUTE);
      const lastState = ended(3, `${round} more`);
      pods({ state: waiting('CrashLoopBackOff'), lastState });
    }
    expect(news()).toEqual([]);
  });

  it('is one line for a container that is seen first when it crashes again and again', () => {
    const { pods, told } = watching();
    pods();
    const lastState = ended(137, 'x', 'OOMKilled');
    pods({ state: waiting('CrashLoopBackOff'), lastState });
    expect(told).toEqual([
      'pod/web-1 CrashLoopBackOff: container main: OOMKilled, since it took more memory than its limit, again and again',
    ]);
  });

  it('is told again when it had been well for ten minutes', () => {
    const { pods, news, after } = watching();
    pods({});
    pods({ lastState: ended(137, 'one', 'OOMKilled') });
    expect(news()).toHaveLength(1);
    after(9 * MINUTE);
    pods({ lastState: ended(137, 'two', 'OOMKilled') });
    expect(news()).toHaveLength(0);
    after(10 * MINUTE);
    pods({ lastState: ended(137, 'three', 'OOMKilled') });
    expect(news()).toHaveLength(1);
  });

  it('is not the end of a pod that is deleted, nor one that is as it should be', () => {
    const { pods, told } = watching();
    pods({}, { name: 'web-2' });
    pods(
      { isEnding: true, state: ended(143, 'x') },
      { name: 'web-2', state: ended(0, 'y', 'Completed') },
    );
    expect(told).toEqual([]);
  });

  it('is of the pod as a whole: eviction, no place for it', () => {
    const { pods, told } = watching();
    const condition = (message: string) => ({
      conditions: [
        {
          ...{ type: 'PodScheduled', status: 'False', message },
          reason: 'Unschedulable',
        },
      ],
    });
    const state = {};
    pods();
    const lacking = condition('0/1 nodes are available: Insufficient cpu');
    pods(
      { status: { phase: 'Failed', reason: 'Evicted', message: 'low\nspace' } },
      { name: 'b', owner: 'b', state, status: lacking },
      {
        ...{ name: 'c', owner: 'c', state },
        status: condition('pod has unbound immediate PersistentVolumeClaims'),
      },
      {
        ...{ name: 'd', owner: 'd', state },
        status: { ...lacking, nominatedNodeName: 'n' },
      },
    );
    expect(told).toEqual([
      'pod/web-1 Evicted: low space',
      'pod/b FailedScheduling: 0/1 nodes are available: Insufficient cpu',
    ]);
  });

  it('is told once while it lasts, whatever else happens', () => {
    const reasons = ['ErrImagePull', 'CreateContainerConfigError', undefined];
    const step = fc.record({
      pod: fc.constantFrom('a', 'b'),
      reason: fc.constantFrom(...reasons),
      ms: fc.constantFrom(0, MINUTE, 9 * MINUTE),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { pods, news, after } = watching();
        const now = new Map<string, string | undefined>();
        const seenAt = new Map<string, number>();
        let time = 0;
        pods();
        for (const { pod, reason, ms } of steps) {
          time = after(ms);
          const before = new Set(now.values());
          for (const each of before) if (each) seenAt.set(each, time);
          now.set(pod, reason);
          pods(
            ...[...now].map(([name, why]) => ({
              name,
              state: why ? waiting(why) : { running: {} },
            })),
          );
          const isNew =
            reason !== undefined &&
            !before.has(reason) &&
            time - (seenAt.get(reason) ?? -Infinity) >= 10 * MINUTE;
          expect(news()).toHaveLength(isNew ? 1 : 0);
        }
      }),
    );
  });
});

describe('an event', () => {
  it('is a probe that fails, at first and once a minute, for each container and kind', () => {
    const { events, pods, news, after } = watching();
    pods({}, { name: 'web-2' });
    events.add(probe('Readiness'));
    expect(news()).toEqual([
      'pod/web-1 Unhealthy: container main: Readiness probe failed: refused',
    ]);
    for (let second = 0; second < 150; second += 10) {
      after(10_000);
      events.add(probe('Readiness'));
      events.add(probe('Readiness', { name: 'web-2', uid: 'web-2' }));
    }
    expect(news()).toHaveLength(2);
    events.add(probe('Liveness'));
    events.add(probe('Readiness', { fieldPath: 'spec.containers{side}' }));
    expect(news()).toHaveLength(2);
  });

  it.each(['FailedMount', 'FailedCreatePodSandBox'])(
    'is told once while it comes again: %s',
    (reason) => {
      const { events, pods, told, after } = watching();
      pods({});
      for (let round = 0; round < 10; round++) {
        events.add(event(reason, 'no\nsuch volume'));
        after(2 * MINUTE);
      }
      expect(told).toEqual([`pod/web-1 ${reason}: no such volume`]);
    },
  );

  it('may be about what makes pods', () => {
    const { events, told } = watching();
    const about = { kind: 'ReplicaSet', name: 'web-5d9c', uid: 'rs' };
    events.add(event('FailedCreate', 'exceeded quota', about));
    expect(told).toEqual(['replicaset/web-5d9c FailedCreate: exceeded quota']);
  });

  it.each([
    ...['Scheduled', 'Pulled', 'Created', 'Started', 'Killing'],
    ...['SuccessfulCreate', 'BackOff', 'Failed', 'FailedScheduling'],
    ...['MissingClusterDNS', 'ScalingReplicaSet'],
  ])('is not told: %s', (reason) => {
    const { events, pods, told } = watching();
    pods({});
    events.add(event(reason, 'message'));
    expect(told).toEqual([]);
  });

  it('is not told of a pod that is deleted', () => {
    const { events, pods, told } = watching();
    pods({ isEnding: true });
    events.add(probe('Readiness'));
    expect(told).toEqual([]);
  });
});
