import type { Target } from '../desired';
import type { LiveObject } from '../live';
import { servedPods } from './pods';

const REVISION = 'deployment.kubernetes.io/revision';
const target = {
  object: { apiVersion: 'apps/v1' },
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
} as Target;

const web = (generation: number, observedGeneration: number): LiveObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    ...{ name: 'web', uid: 'web', generation },
    annotations: { [REVISION]: String(observedGeneration) },
  },
  status: { observedGeneration },
});

const owned = (uid: string, by: string, parts: object = {}): LiveObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  ...parts,
  metadata: {
    ...{ name: uid, uid },
    ownerReferences: [{ uid: by, controller: true }],
    ...(parts as { metadata?: object }).metadata,
  },
});
const revision = (value: string) => ({
  metadata: { annotations: { [REVISION]: value } },
});
const READY = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };

describe('a served pod', () => {
  const related = {
    replicaSets: [
      owned('set-1', 'web', revision('1')),
      owned('set-2', 'web', revision('2')),
    ],
    pods: [owned('old', 'set-1', READY), owned('new', 'set-2', READY)],
  };
  const newest = (live: LiveObject, generation: number) =>
    servedPods(target, live, generation, related)
      .filter(({ isNewest }) => isNewest)
      .map(({ pod }) => pod.metadata.name);

  it('is of the newest template once its controller has seen that', () => {
    expect(newest(web(2, 2), 2)).toEqual(['new']);
    expect(newest(web(2, 1), 2)).toEqual([]);
  });

  it('is of none while a change is on its way to us', () => {
    expect(newest(web(2, 2), 3)).toEqual([]);
  });

  it('is ready by its condition, and not when it is being deleted', () => {
    const going = { metadata: { deletionTimestamp: 'now' } };
    const pods = [
      owned('a', 'set-1', READY),
      owned('b', 'set-1'),
      owned('c', 'set-1', { ...READY, ...going }),
    ];
    const served = servedPods(target, web(2, 2), 2, { ...related, pods });
    expect(served.map(({ isReady }) => isReady)).toEqual([true, false, false]);
    expect(served[0]?.owner).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
    });
  });
});
