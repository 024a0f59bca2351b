import type { LiveObject } from '../live';
import { madeBy, newestPods, podsOf } from './own-pods';

const object = (kind: string, uid: string, parts: object = {}): LiveObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: uid, uid, ...parts },
});

const owned = (kind: string, uid: string, by: string, parts: object = {}) =>
  object(kind, uid, {
    ownerReferences: [{ uid: by, controller: true }],
    ...parts,
  });

const revision = (value: string) => ({
  annotations: { 'deployment.kubernetes.io/revision': value },
});

const uids = (pods: readonly LiveObject[]) =>
  pods.map(({ metadata }) => metadata.uid);

describe('the pods of a Deployment', () => {
  const related = {
    replicaSets: [
      owned('ReplicaSet', 'old', 'web', revision('1')),
      owned('ReplicaSet', 'new', 'web', revision('2')),
      owned('ReplicaSet', 'other', 'api', revision('2')),
    ],
    pods: ['old', 'new', 'other'].map((by) => owned('Pod', `of-${by}`, by)),
  };
  const web = object('Deployment', 'web', revision('2'));

  it('are those of its ReplicaSets, and the newest those of its revision', () => {
    expect(uids(podsOf(web, related))).toEqual(['of-old', 'of-new']);
    expect(uids(newestPods(web, related))).toEqual(['of-new']);
  });

  it('are not known before its newest ReplicaSet has been seen', () => {
    const ahead = object('Deployment', 'web', revision('3'));
    expect(newestPods(ahead, related)).toEqual([]);
  });
});

describe('the pods of other workloads', () => {
  const labelled = (uid: string, by: string, labels: object) =>
    owned('Pod', uid, by, { labels });

  it('of a StatefulSet are new by its update revision', () => {
    const pods = [
      labelled('a', 'db', { 'controller-revision-hash': 'one' }),
      labelled('b', 'db', { 'controller-revision-hash': 'two' }),
    ];
    const db = {
      ...object('StatefulSet', 'db'),
      status: { updateRevision: 'two' },
    };
    const related = { pods, replicaSets: [] };
    expect(uids(podsOf(db, related))).toEqual(['a', 'b']);
    expect(uids(newestPods(db, related))).toEqual(['b']);
  });

  it('of a DaemonSet are new by the generation of its template', () => {
    const pods = [
      labelled('a', 'agent', { 'pod-template-generation': '1' }),
      labelled('b', 'agent', { 'pod-template-generation': '2' }),
    ];
    const agent = object('DaemonSet', 'agent', {
      annotations: { 'deprecated.daemonset.template.generation': '2' },
    });
    const related = { pods, replicaSets: [] };
    expect(uids(newestPods(agent, related))).toEqual(['b']);
  });

  it('of a Pod is the Pod, and not one that has its name after it', () => {
    const pods = [object('Pod', 'mine'), object('Pod', 'theirs')];
    const related = { pods, replicaSets: [] };
    expect(uids(newestPods(object('Pod', 'mine'), related))).toEqual(['mine']);
  });

  it('of a CronJob are those of its Jobs, and the newest those of the last', () => {
    const at = (creationTimestamp: string) => ({ creationTimestamp });
    const related = {
      replicaSets: [],
      jobs: [
        owned('Job', 'second', 'nightly', at('2026-01-02T00:00:00Z')),
        owned('Job', 'first', 'nightly', at('2026-01-01T00:00:00Z')),
        owned('Job', 'other', 'weekly', at('2026-01-03T00:00:00Z')),
      ],
      pods: ['first', 'second', 'other'].map((by) =>
        owned('Pod', `of-${by}`, by),
      ),
    };
    const nightly = object('CronJob', 'nightly');
    expect(uids(podsOf(nightly, related))).toEqual(['of-second', 'of-first']);
    expect(uids(newestPods(nightly, related))).toEqual(['of-second']);
    expect(uids(madeBy(nightly, related)).sort()).toEqual([
      'first',
      'of-first',
      'of-second',
      'second',
    ]);
  });
});
