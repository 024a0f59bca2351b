import type { Target } from '../desired';
import { MANAGER } from '../fields';
import type { LiveObject } from '../live';
import { Memory } from './memory';

const web = (size: number): Target =>
  ({
    key: 'apps/Deployment/shop/web',
    namespace: 'shop',
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      size,
    },
  }) as unknown as Target;

const live = (uid: string, generation: number): LiveObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    ...{ name: 'web', uid, generation },
    managedFields: [
      {
        manager: MANAGER,
        operation: 'Apply',
        fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:paused': {} } },
      },
    ],
  },
});

describe('what a served set has applied', () => {
  let memory: Memory;

  beforeEach(() => {
    memory = new Memory();
    memory.note(web(1), live('a', 1));
  });

  it('has changed when the manifest says something else', () => {
    expect(memory.isChanged(web(1))).toBe(false);
    expect(memory.isChanged(web(2))).toBe(true);
    memory.note(web(2), live('a', 2));
    expect(memory.isChanged(web(2))).toBe(false);
    expect(memory.isChanged(web(1))).toBe(true);
  });

  it('is as before only if nobody has changed it, or made it anew', () => {
    expect(memory.isAsBefore(web(1), live('a', 1))).toBe(true);
    expect(memory.isAsBefore(web(2), live('a', 1))).toBe(false);
    expect(memory.isAsBefore(web(1), live('a', 2))).toBe(false);
    expect(memory.isAsBefore(web(1), live('b', 1))).toBe(false);
  });

  it('is forgotten with its namespace, and with all else that goes', () => {
    memory.forgetIn(new Set(['other']));
    memory.keep(new Set([web(1).key]));
    expect(memory.isChanged(web(1))).toBe(false);
    memory.forgetIn(new Set(['shop']));
    expect(memory.isChanged(web(1))).toBe(true);
    memory.note(web(1), live('a', 1));
    memory.keep(new Set());
    expect(memory.get(web(1).key)).toBeUndefined();
  });

  it('is taken back from others, but not what was never ours, nor from an autoscaler', () => {
    const has = (field: string, manager = 'kubectl-edit') =>
      memory.hadAll(web(1), [
        { field: '.spec.paused', manager: 'kubectl' },
        { field, manager },
      ]);
    expect(has('.spec.replicas')).toBe(true);
    expect(has('.spec.minReadySeconds')).toBe(false);
    expect(has('.spec.replicas', 'kube-controller-manager')).toBe(false);
  });
});
