import type { FieldSet } from './field-set';
import { holdersOf, lostFields } from './lost-fields';
import { MANAGER, type Managed } from './take-over';

const object = (
  ours: FieldSet | undefined,
  ...others: readonly {
    manager: string;
    subresource?: string;
    fieldsV1: FieldSet;
  }[]
): Managed => ({
  metadata: {
    managedFields: [
      ...(ours
        ? [{ manager: MANAGER, operation: 'Apply' as const, fieldsV1: ours }]
        : []),
      ...others,
    ],
  },
});

const spec = (...names: string[]): FieldSet => ({
  'f:spec': Object.fromEntries(names.map((name) => [`f:${name}`, {}])),
});

describe('fields that are not ours any more', () => {
  const applied = object(spec('replicas', 'paused'));

  it('are what others have taken', () => {
    expect(lostFields(applied, applied)).toBeUndefined();
    expect(lostFields(applied, object(spec('paused')))).toEqual(
      spec('replicas'),
    );
    expect(lostFields(applied, object(undefined))).toEqual(
      spec('replicas', 'paused'),
    );
  });

  it('are of whoever has any of them now', () => {
    const now = object(
      spec('paused'),
      {
        manager: 'kubectl',
        subresource: 'scale',
        fieldsV1: spec('replicas'),
      },
      { manager: 'helm', fieldsV1: spec('paused') },
      // That there is a spec is no field of it.
      { manager: 'other', fieldsV1: { 'f:spec': { '.': {} } } },
    );
    expect(holdersOf(spec('replicas'), now)).toEqual(['kubectl (scale)']);
    expect(holdersOf(spec('gone'), now)).toEqual([]);
  });
});
