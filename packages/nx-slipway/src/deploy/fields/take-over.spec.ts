import { takenOver, withoutTheirs, type ManagedFields } from './take-over';

const entry = (
  manager: string,
  fieldsV1: ManagedFields['fieldsV1'],
  rest: Partial<ManagedFields> = {},
): ManagedFields => ({
  manager,
  operation: 'Update',
  apiVersion: 'apps/v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...rest,
});
const apply = { operation: 'Apply' } as const;
const status = entry(
  'kube-controller-manager',
  { 'f:status': { 'f:replicas': {} } },
  { subresource: 'status' },
);

describe('taking over', () => {
  it('makes ours what kubectl and Tilt own, and leaves all others', () => {
    const helm = entry('helm', { 'f:spec': { 'f:replicas': {} } });
    expect(
      takenOver([
        entry('kubectl-client-side-apply', { 'f:data': { 'f:a': {} } }),
        helm,
        entry('tilt', { 'f:data': { 'f:b': {} } }),
        entry('kubectl-last-applied', { 'f:metadata': {} }, apply),
        status,
      ]),
    ).toEqual([
      entry(
        'nx-slipway',
        { 'f:data': { 'f:a': {}, 'f:b': {} }, 'f:metadata': {} },
        apply,
      ),
      helm,
      status,
    ]);
  });

  it('adds to what is ours already', () => {
    expect(
      takenOver([
        entry('nx-slipway', { 'f:data': { 'f:a': {} } }, apply),
        entry('tilt', { 'f:data': { 'f:b': {} } }),
      ]),
    ).toEqual([
      entry('nx-slipway', { 'f:data': { 'f:a': {}, 'f:b': {} } }, apply),
    ]);
  });

  it('lets a claim go that is in another version, whose fields may be others', () => {
    expect(
      takenOver([
        entry('nx-slipway', { 'f:data': {} }, apply),
        entry('tilt', { 'f:spec': {} }, { apiVersion: 'apps/v1beta1' }),
      ]),
    ).toEqual([entry('nx-slipway', { 'f:data': {} }, apply)]);
  });

  it('has nothing to do where they own nothing, or only a status', () => {
    expect(takenOver([])).toBeUndefined();
    expect(
      takenOver([status, entry('tilt', {}, { subresource: 'status' })]),
    ).toBeUndefined();
  });

  it('shows of a dry run what goes with them, and what others have stays', () => {
    const before = [
      entry('tilt', {
        'f:data': { 'f:ours': {}, 'f:theirs': {}, 'f:shared': {} },
      }),
      entry('helm', { 'f:data': { 'f:shared': {} } }),
    ];
    const applied = {
      metadata: {
        managedFields: [
          ...before,
          entry('nx-slipway', { 'f:data': { 'f:ours': {} } }, apply),
        ],
      },
      data: { ours: '1', theirs: '1', shared: '1' },
    };
    expect(withoutTheirs(applied, before).data).toEqual({
      ours: '1',
      shared: '1',
    });
  });
});
