import fc from 'fast-check';
import { diffOf } from './diff';

const diff = (before: object, after: object) => diffOf(before, after).diff;

describe('the difference of two states of an object', () => {
  it('tells fields that are new, gone and changed, by their paths', () => {
    expect(
      diff(
        { spec: { a: 1, b: { c: 'x' }, d: [1] } },
        { spec: { a: 2, d: [1, 2], e: true } },
      ),
    ).toEqual([
      { path: 'spec.a', from: '1', to: '2' },
      { path: 'spec.b.c', from: 'x' },
      { path: 'spec.d', from: '[1]', to: '[1,2]' },
      { path: 'spec.e', to: 'true' },
    ]);
  });

  it('matches what is in lists by name, wherever it stands', () => {
    const containers = (image: string) => [
      { name: 'side', image: 'log' },
      { name: 'web', image },
    ];
    expect(
      diff(
        { spec: { containers: containers('web:1') } },
        { spec: { containers: containers('web:2').reverse() } },
      ),
    ).toEqual([
      { path: 'spec.containers[web].image', from: 'web:1', to: 'web:2' },
    ]);
  });

  it('puts keys with dots into brackets', () => {
    expect(
      diff(
        { metadata: { labels: { 'a.b/c': '1' } } },
        { metadata: { labels: { 'a.b/c': '2' } } },
      ),
    ).toEqual([{ path: 'metadata.labels["a.b/c"]', from: '1', to: '2' }]);
  });

  it('leaves out what the server keeps, and the annotation of kubectl', () => {
    expect(
      diff(
        {
          metadata: {
            generation: 1,
            uid: 'a',
            annotations: {
              'kubectl.kubernetes.io/last-applied-configuration': '{}',
            },
          },
          status: { a: 1 },
        },
        {
          metadata: { generation: 2, uid: 'b', managedFields: [] },
          status: {},
        },
      ),
    ).toEqual([]);
  });

  it('shows no value of a Secret', () => {
    expect(
      diff(
        { kind: 'Secret', data: { password: 'b25l' }, type: 'a' },
        { kind: 'Secret', data: { password: 'dHdv', more: 'eA==' }, type: 'b' },
      ),
    ).toEqual([
      { path: 'data.password' },
      { path: 'data.more' },
      { path: 'type', from: 'a', to: 'b' },
    ]);
  });

  it('has the first of many', () => {
    const keys = Array.from({ length: 30 }, (_, at) => [`k${at}`, 'x']);
    const { diff: shown, moreChanges } = diffOf(
      {},
      { data: Object.fromEntries(keys) as object },
    );
    expect(shown).toHaveLength(20);
    expect(moreChanges).toBe(10);
  });

  it('is empty for an object and itself, and for no other', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
        expect(diff({ spec }, { spec: structuredClone(spec) })).toEqual([]);
      }),
    );
  });
});
