import type { ApiResource } from '../../cluster';
import type { LiveObject } from '../live';
import { Assessment } from './assess';
import type { Expected } from './expected';

const JOBS: ApiResource = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  namespaced: true,
};

const job = (status: object = {}, uid = 'one'): LiveObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', namespace: 'shop', uid },
  status,
});
/** What `owner` has made, by its uid. */
const owned = (
  uid: string,
  owner: string,
  { metadata, status }: { metadata?: object; status?: object },
): LiveObject => ({
  apiVersion: 'v1',
  kind: 'Any',
  metadata: {
    ...{ name: uid, namespace: 'shop', uid, ...metadata },
    ownerReferences: [
      { kind: 'Any', name: owner, uid: owner, controller: true },
    ],
  },
  status,
});
const COMPLETE = { conditions: [{ type: 'Complete', status: 'True' }] };

describe('an assessment', () => {
  let live: LiveObject | undefined;
  let pods: LiveObject[];
  let replicaSets: LiveObject[];
  let isBlind: boolean;
  let assessment: Assessment;
  let expected: Expected;

  beforeEach(() => {
    live = undefined;
    pods = [];
    replicaSets = [];
    isBlind = false;
    const seen = {
      sees: () => !isBlind,
      find: () => live,
      // Each look gets objects of its own, as of watches.
      all: ({ plural }: ApiResource) =>
        structuredClone({ pods, replicasets: replicaSets }[plural] ?? []),
    };
    assessment = new Assessment(seen, () => 1250);
    const isBoundAtOnce = false;
    expected = { applied: job(), resource: JOBS, since: 1000, isBoundAtOnce };
  });
  const look = () => assessment.waiting([expected])[0]?.verdict;

  it('counts what has become ready while it was waited for', () => {
    live = job({ active: 1 });
    expect(look()).toMatchObject({ state: 'waiting' });
    live = job(COMPLETE);
    expect(look()).toBeUndefined();
    expect(expected.ready).toMatchObject({ name: 'migrate', ms: 250 });
    expect(assessment.arrived).toBe(1);
  });

  it('waits for as many new pods as were deleted, whatever is said of the old', () => {
    const pod = (uid: string, ready: string, metadata: object = {}) =>
      owned(uid, 'one', {
        metadata,
        status: { conditions: [{ type: 'Ready', status: ready }] },
      });
    const old = [pod('old-1', 'True'), pod('old-2', 'True')];
    expected = {
      ...expected,
      replaced: { count: 2, before: new Set(['old-1', 'old-2']) },
    };
    live = job(COMPLETE);
    pods = old;
    expect(look()?.reason).toBe('2 of its pods are being replaced');
    pods = [...old, pod('new-1', 'True'), pod('new-2', 'False')];
    expect(look()?.reason).toBe('1 of its pods are being replaced');
    pods = [pod('new-1', 'True', { deletionTimestamp: 'now' })];
    expect(look()?.reason).toBe('2 of its pods are being replaced');
    pods = [pod('new-1', 'True'), pod('new-2', 'True')];
    expect(look()).toBeUndefined();
  });

  it('says which pods still end, also if it is not seen of them yet', () => {
    const revision = (value: string) => ({
      metadata: { annotations: { 'deployment.kubernetes.io/revision': value } },
    });
    const status = {
      ...{ replicas: 1, updatedReplicas: 1 },
      availableReplicas: 1,
    };
    live = { ...job(status), kind: 'Deployment' };
    Object.assign(live.metadata, revision('2').metadata);
    replicaSets = [
      owned('before', 'one', revision('1')),
      owned('now', 'one', revision('2')),
    ];
    pods = [
      owned('served', 'before', { status: { phase: 'Running' } }),
      owned('evicted', 'before', { status: { phase: 'Failed' } }),
      owned('serves', 'now', { status: { phase: 'Running' } }),
    ];
    expect(look()).toBeUndefined();
    expect(expected.ready?.note).toBe('1 of its pods still end');
  });

  it('counts nothing that was ready already', () => {
    live = job(COMPLETE);
    expect(look()).toBeUndefined();
    expect(assessment.arrived).toBe(0);
  });

  it('waits for what has not been seen, and for what comes in the place of another', () => {
    expect(look()).toMatchObject({ state: 'waiting' });
    live = job(COMPLETE, 'before');
    expect(look()).toMatchObject({ state: 'waiting' });
    live = job(COMPLETE);
    expect(look()).toBeUndefined();
  });

  it('gives up what was seen and is gone, or has another in its place', () => {
    live = job();
    look();
    live = undefined;
    expect(look()).toMatchObject({
      state: 'failed',
      reason: 'somebody has deleted it meanwhile',
    });
    live = job(COMPLETE, 'after');
    expect(look()).toMatchObject({ state: 'failed' });
  });

  it('keeps what was ready once', () => {
    live = job(COMPLETE);
    look();
    live = undefined;
    expect(look()).toBeUndefined();
  });

  it('takes as ready what may not be looked at, and says so', () => {
    isBlind = true;
    expect(look()).toBeUndefined();
    expect(expected.ready?.note).toMatch(/jobs may not be listed/);
  });
});
