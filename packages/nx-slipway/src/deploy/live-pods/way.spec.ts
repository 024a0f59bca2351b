import { wayOf } from './way';

const way = (groupKind: string, spec: object = {}) =>
  wayOf(
    { groupKind },
    { apiVersion: 'v1', kind: '', metadata: { name: 'web' }, spec },
  );

describe('a workload whose pods are to be others', () => {
  it.each(['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'])(
    'rolls out, where it does so by itself: %s',
    (kind) => {
      expect(way(kind)).toBe('rollout');
      const rollingUpdate = { partition: 0 };
      expect(way(kind, { updateStrategy: { rollingUpdate } })).toBe('rollout');
    },
  );

  it.each([
    ['Deployment.apps', { paused: true }],
    ['DaemonSet.apps', { updateStrategy: { type: 'OnDelete' } }],
    [
      'StatefulSet.apps',
      { updateStrategy: { rollingUpdate: { partition: 1 } } },
    ],
    ['ReplicaSet.apps', {}],
    ['ReplicationController', {}],
  ])('makes others of those that are deleted: %s %j', (kind, spec) => {
    expect(way(kind, spec)).toBe('deletion');
  });

  it('is not a Job, which runs once', () => {
    expect([way('Job.batch'), way('CronJob.batch')]).toEqual(['none', 'none']);
  });
});
