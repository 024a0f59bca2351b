import { memberOf } from '../live';
import { planPrune } from './prune';

const ours = { manager: 'nx-slipway', operation: 'Apply' as const };

function member(kind: string, group = '', metadata: object = {}) {
  return memberOf(
    {
      apiVersion: '',
      kind: '',
      metadata: { name: 'x', uid: 'u', managedFields: [ours], ...metadata },
    },
    { group, version: 'v1', kind, plural: 'x', namespaced: true },
  );
}

const fate = (each: ReturnType<typeof member>, pruneData = false) => {
  const [plan] = planPrune([each], new Set(), { pruneData });
  return plan && (plan.keptFor ?? 'deleted');
};

describe('what is pruned', () => {
  it('is what is desired no more', () => {
    const web = member('Deployment', 'apps');
    expect(fate(web)).toBe('deleted');
    expect(planPrune([web], new Set([web.key]), { pruneData: true })).toEqual(
      [],
    );
  });

  it.each([
    ['Namespace', ''],
    ['CustomResourceDefinition', 'apiextensions.k8s.io'],
    ['PersistentVolumeClaim', ''],
    ['PersistentVolume', ''],
    ['StatefulSet', 'apps'],
  ])('is no %s, unless data may be pruned', (kind, group) => {
    expect(fate(member(kind, group))).not.toBe('deleted');
    expect(fate(member(kind, group), true)).toBe('deleted');
  });

  it.each(['nx-slipway.dev/down-policy', 'tilt.dev/down-policy'])(
    'is nothing that is annotated %s: keep',
    (name) => {
      const kept = member('ConfigMap', '', { annotations: { [name]: 'keep' } });
      expect(fate(kept)).toBe(`it is annotated ${name}: keep`);
      const other = member('ConfigMap', '', { annotations: { [name]: 'no' } });
      expect(fate(other)).toBe('deleted');
    },
  );

  it('is nothing that another object owns, whatever may be pruned', () => {
    const ownerReferences = [{ kind: 'Widget', name: 'one' }];
    const owned = member('ConfigMap', '', { ownerReferences });
    expect(fate(owned, true)).toBe('it is owned by Widget one');
  });

  it('is nothing that we have not applied, and nothing that goes already', () => {
    const copied = member('Endpoints', '', {
      managedFields: [
        { manager: 'kube-controller-manager', operation: 'Update' },
      ],
    });
    expect(fate(copied, true)).toBeUndefined();
    const going = member('ConfigMap', '', { deletionTimestamp: '2026-01-01' });
    expect(fate(going, true)).toBeUndefined();
  });
});
