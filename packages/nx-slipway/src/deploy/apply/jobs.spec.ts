import { targetOf } from '../desired';
import { EMPTY } from '../inventory';
import { finishedJobs, hasEnded, hasFinished } from './jobs';

const job = (spec: object, kind = 'Job') =>
  targetOf(
    {
      object: {
        apiVersion: 'batch/v1',
        kind,
        metadata: { name: 'migrate' },
        spec,
      },
      origin: 'a.yaml',
      line: 1,
      column: 1,
      text: 0,
      document: 0,
      path: [],
    },
    { group: 'batch', version: 'v1', kind, plural: 'jobs', namespaced: true },
    { namespace: 'shop', setId: 'applyset-x-v1' },
  );

describe('a Job', () => {
  it('has ended when it is complete or failed', () => {
    const live = (kind: string, type: string, status: string) =>
      hasEnded({
        apiVersion: 'batch/v1',
        kind,
        metadata: { name: 'a' },
        status: { conditions: [{ type, status }] },
      });
    expect(live('Job', 'Complete', 'True')).toBe(true);
    expect(live('Job', 'Failed', 'True')).toBe(true);
    expect(live('Job', 'Failed', 'False')).toBe(false);
    expect(live('Job', 'Suspended', 'True')).toBe(false);
    expect(live('Pod', 'Failed', 'True')).toBe(false);
  });

  it('that takes itself away is remembered as it was applied', () => {
    const spec = { ttlSecondsAfterFinished: 0, a: 1, b: { c: 2, d: [1, 2] } };
    const known = { ...EMPTY, finishedJobs: finishedJobs([job(spec)]) };
    expect(hasFinished(job(spec), known)).toBe(true);
    const reordered = {
      b: { d: [1, 2], c: 2 },
      a: 1,
      ttlSecondsAfterFinished: 0,
    };
    expect(hasFinished(job(reordered), known)).toBe(true);
    expect(hasFinished(job({ ...spec, a: 2 }), known)).toBe(false);
    expect(hasFinished(job({ ...spec, b: { c: 2, d: [2, 1] } }), known)).toBe(
      false,
    );
    expect(hasFinished(job(spec), EMPTY)).toBe(false);
  });

  it('that stays is not', () => {
    expect(finishedJobs([job({ a: 1 })])).toEqual({});
    const ttl = { ttlSecondsAfterFinished: 1 };
    expect(finishedJobs([job(ttl, 'CronJob')])).toEqual({});
  });
});
