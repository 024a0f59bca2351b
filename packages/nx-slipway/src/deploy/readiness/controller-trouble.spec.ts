import type { LiveObject } from '../live';
import { refusedPod, wedgedBy } from './controller-trouble';
import type { PodTrouble } from './pod-trouble';

const workload = (
  kind: string,
  status: object,
  spec: object = {},
): LiveObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'db', uid: 'db' },
  spec,
  status,
});

const second = (at: number) => `2026-11-27T07:15:0${at}Z`;
const event = (at: number, message = 'exceeded quota', uid = 'db') => ({
  involvedObject: { uid },
  reason: 'FailedCreate',
  message,
  lastTimestamp: second(at),
});
const pod = (at: number): LiveObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db-0', creationTimestamp: second(at) },
});

const LACKING = workload('StatefulSet', { replicas: 1 }, { replicas: 2 });

describe('a pod that is refused', () => {
  it('is told by the last event of its workload', () => {
    const events = [event(3), event(5, 'no room'), event(7, 'other', 'web')];
    expect(refusedPod(LACKING, [pod(1)], events)).toBe('FailedCreate: no room');
  });

  it('is none when one was made since, or in the same second', () => {
    expect(refusedPod(LACKING, [pod(6)], [event(5)])).toBeUndefined();
    expect(refusedPod(LACKING, [pod(5)], [event(5)])).toBeUndefined();
  });

  it.each([
    ['StatefulSet', { replicas: 2 }, { replicas: 2 }],
    ['DaemonSet', { desiredNumberScheduled: 1, currentNumberScheduled: 1 }, {}],
    ['Job', { active: 1 }, {}],
    // These say it in their conditions.
    ['Deployment', { replicas: 0 }, { replicas: 2 }],
  ])('is none of a %s with %j', (kind, status, spec) => {
    expect(
      refusedPod(workload(kind, status, spec), [], [event(5)]),
    ).toBeUndefined();
  });

  it.each([
    ['DaemonSet', { desiredNumberScheduled: 2, currentNumberScheduled: 1 }],
    ['Job', {}],
  ])('is told of a %s with %j', (kind, status) => {
    expect(refusedPod(workload(kind, status), [], [event(5)])).toMatch(/quota/);
  });
});

describe('a pod of the template before', () => {
  const trouble: PodTrouble = {
    pod: pod(1),
    container: 'main',
    reason: 'CrashLoopBackOff',
    weight: 'crash',
    restarts: 1,
    hasRestarted: true,
  };

  it('holds up a StatefulSet that makes its pods in order', () => {
    expect(wedgedBy(LACKING, trouble)).toMatchObject({
      weight: 'lasting',
      reason: expect.stringContaining('kubectl delete pod db-0') as string,
    });
  });

  it('holds up nothing else', () => {
    const parallel = { podManagementPolicy: 'Parallel' };
    for (const other of [
      workload('StatefulSet', {}, parallel),
      workload('DaemonSet', {}),
    ]) {
      expect(wedgedBy(other, trouble)).toBeUndefined();
    }
  });
});
