import type { Target } from '../desired';
import type { LiveObject } from '../live';
import { LIVE_UPDATE } from '../../settings';
import type { ObjectReport } from '../types';
import { touchedOf, touchedReport } from './touched';

const revision = (value: string) => ({
  annotations: { 'deployment.kubernetes.io/revision': value },
});
const object = (kind: string, uid: string, metadata: object): LiveObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: uid, uid, ...metadata },
});
const owned = (kind: string, uid: string, by: string, metadata: object = {}) =>
  object(kind, uid, {
    ownerReferences: [{ uid: by, controller: true }],
    ...metadata,
  });
const TOOK = { annotations: { [LIVE_UPDATE]: 'abc' } };
const related = {
  replicaSets: [
    owned('ReplicaSet', 'old', 'web', revision('1')),
    owned('ReplicaSet', 'new', 'web', revision('2')),
  ],
  pods: [
    owned('Pod', 'old-1', 'old', TOOK),
    owned('Pod', 'new-1', 'new', TOOK),
    owned('Pod', 'new-2', 'new'),
    owned('Pod', 'ends', 'new', { ...TOOK, deletionTimestamp: 'now' }),
  ],
};
const live = object('Deployment', 'web', revision('2'));
const target = (groupKind = 'Deployment.apps') =>
  ({ groupKind, namespace: 'shop' }) as Target;
const report = (rest: Partial<ObjectReport> = {}): ObjectReport => ({
  ...{ action: 'unchanged', apiVersion: 'apps/v1', kind: 'Deployment' },
  ...{ namespace: 'shop', name: 'web', ...rest },
});
const touched = (rest: Partial<ObjectReport> = {}) =>
  touchedOf(target(), live, report(rest), () => related);
const uids = (pods: readonly LiveObject[] = []) =>
  pods.map(({ metadata }) => metadata.uid);

describe('a workload', () => {
  it('is touched by pods of its newest template that do not end', () => {
    const found = touched();
    expect(uids(found?.pods)).toEqual(['new-1']);
    expect(uids(found?.all)).toEqual(['old-1', 'new-1', 'new-2', 'ends']);
  });

  it.each([
    { action: 'changed', rolls: true },
    { action: 'created' },
    { action: 'recreated' },
    { action: 'refused' },
  ] as const)('is not where its pods are others anyhow: %j', (rest) => {
    expect(touched(rest)).toBeUndefined();
  });

  it('is not where no pod is', () => {
    const none = { ...related, pods: related.pods.slice(2) };
    expect(touchedOf(target(), live, report(), () => none)).toBeUndefined();
  });

  it('says so in its report, beside what it says anyhow', () => {
    const found = touched();
    if (!found) throw new Error('it is touched');
    expect(touchedReport(report(), found)).toEqual(
      report({
        action: 'changed',
        reason: '1 pod took live updates',
        rolls: true,
      }),
    );
    const two = { ...found, pods: related.pods.slice(0, 2) };
    const taken = report({ action: 'changed', reason: 'taken over from tilt' });
    expect(touchedReport(taken, two).reason).toBe(
      'taken over from tilt; 2 pods took live updates',
    );
    const job = { ...found, target: target('Job.batch') };
    expect(touchedReport(report(), job)).toEqual(
      report({
        reason:
          '1 pod took live updates; what has run is not run again for that',
      }),
    );
  });
});
