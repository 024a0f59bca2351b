import type { KubeObject } from '../../manifest';
import { MANAGER, type ManagedFields } from '../fields';
import type { LiveObject } from '../live';
import { driftOf } from './drift';

const T1 = '2026-01-01T00:00:01Z';
const T2 = '2026-01-01T00:00:02Z';

const ours = (fieldsV1: ManagedFields['fieldsV1'], time = T1) => ({
  manager: MANAGER,
  operation: 'Apply' as const,
  apiVersion: 'v1',
  time,
  fieldsV1,
});
const theirs = (
  manager: string,
  fieldsV1: ManagedFields['fieldsV1'],
  subresource?: string,
) => ({ manager, operation: 'Update' as const, fieldsV1, subresource });

const live = (
  parts: object,
  managedFields: readonly ManagedFields[],
  metadata: object = {},
): LiveObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  ...parts,
  metadata: {
    ...{ name: 'a', namespace: 'shop', uid: 'u', resourceVersion: '10' },
    ...{ managedFields, ...metadata },
  },
});

const DATA = { 'f:data': { 'f:x': {}, 'f:y': {} } };
const later = { resourceVersion: '11' };

describe('drift', () => {
  const wanted: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data: { x: '1', y: '1' },
  };
  const applied = live({ data: { x: '1', y: '1' } }, [ours(DATA)]);
  const now = (
    parts: object,
    managedFields: readonly ManagedFields[],
    metadata: object = later,
  ) => driftOf(wanted, applied, live(parts, managedFields, metadata));

  it('is a field of ours that has another value, and who has set it', () => {
    const left = { 'f:data': { 'f:y': {} } };
    const drift = now({ data: { x: '2', y: '1' } }, [
      ours(left),
      theirs('kubectl-edit', { 'f:data': { 'f:x': {} } }),
    ]);
    expect(drift?.message).toBe('kubectl-edit changed data.x from 1 to 2');
  });

  it('is a field of ours that is gone, whoever took it', () => {
    const left = { 'f:data': { 'f:y': {} } };
    expect(now({ data: { y: '1' } }, [ours(left)])?.message).toBe(
      'somebody changed data.x from 1 to nothing',
    );
  });

  it('is that it was deleted, or that another is in its place', () => {
    const same = [ours(DATA)];
    const { data } = wanted;
    expect(now({ data }, same, { uid: 'v' })?.message).toBe(
      'it was deleted and made anew',
    );
    expect(now({ data }, same, { deletionTimestamp: T2 })?.message).toBe(
      'it was deleted',
    );
  });

  it.each([
    ['what others write beside', { data: { x: '1', y: '1', z: '3' } }],
    ['a status', { data: { x: '1', y: '1' }, status: { phase: 'Active' } }],
  ])('is not %s', (_, parts) => {
    const other = theirs('controller', { 'f:data': { 'f:z': {} } });
    expect(now(parts, [ours(DATA), other])).toBeUndefined();
  });

  it('is not a value that somebody has set to what it was', () => {
    const other = theirs('kubectl-edit', { 'f:data': { 'f:x': {} } });
    const left = ours({ 'f:data': { 'f:y': {} } });
    expect(now({ data: { x: '1', y: '1' } }, [left, other])).toBeUndefined();
  });

  it('is not what was there before we applied, though it is heard of later', () => {
    expect(
      now({ data: { x: '0', y: '1' } }, [ours(DATA)], {
        resourceVersion: '9',
      }),
    ).toBeUndefined();
  });

  it('is not what we have applied ourselves, of which no answer came', () => {
    const mine = ours({ 'f:data': { 'f:x': {} } }, T2);
    expect(now({ data: { x: '5' } }, [mine])).toBeUndefined();
  });

  it('of a Secret tells no value, and sees what was written as text', () => {
    const secret: KubeObject = {
      ...wanted,
      kind: 'Secret',
      data: undefined,
      stringData: { password: 'old-password' },
    };
    const entries = [ours({ 'f:stringData': { 'f:password': {} } })];
    const stored = (data: object) =>
      live({ kind: 'Secret', data }, entries, later);
    const before = stored({ password: 'b2xk' });
    const drift = driftOf(
      secret,
      before,
      stored({ password: 'bmV3', other: 'eA==' }),
    );
    expect(drift?.message).toBe('somebody changed data.password');
    expect(
      driftOf(secret, before, stored({ password: 'b2xk', other: 'eA==' })),
    ).toBeUndefined();
  });

  it('is another one with each further change', () => {
    const states = ['2', '3', '2'].map(
      (x) => now({ data: { x, y: '1' } }, [ours({})])?.state,
    );
    expect(states[0]).toBe(states[2]);
    expect(states[0]).not.toBe(states[1]);
  });
});
