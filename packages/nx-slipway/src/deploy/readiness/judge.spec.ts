import fc from 'fast-check';
import type { LiveObject } from '../live';
import { hasReadiness, judge } from './judge';

interface Parts {
  apiVersion?: string;
  metadata?: object;
  spec?: object;
  status?: object;
}

/** As its controller has seen it, unless the status says otherwise. */
const object = (kind: string, parts: Parts = {}): LiveObject => ({
  apiVersion: 'apps/v1',
  kind,
  ...parts,
  metadata: { name: 'x', uid: 'x', generation: 2, ...parts.metadata },
  status: { observedGeneration: 2, ...parts.status },
});

const stateIn = (kind: string, parts: Parts) => {
  const { state, reason, note } = judge(object(kind, parts));
  return [state, reason ?? note];
};

const condition = (type: string, status = 'True', reason?: string) => ({
  conditions: [{ type, status, reason }],
});

describe('a verdict', () => {
  it.each<[string, string, Parts, string, RegExp?]>([
    [
      'unseen by its controller',
      'Deployment',
      {
        status: {
          observedGeneration: 1,
          updatedReplicas: 1,
          replicas: 1,
          availableReplicas: 1,
        },
      },
      'waiting',
      /has not seen/,
    ],
    [
      'with too few new pods',
      'Deployment',
      { spec: { replicas: 3 }, status: { updatedReplicas: 1, replicas: 3 } },
      'waiting',
      /^1 of 3 pods are made/,
    ],
    [
      'with old pods',
      'Deployment',
      { status: { updatedReplicas: 1, replicas: 2, availableReplicas: 2 } },
      'waiting',
      /^1 of 2 pods are old/,
    ],
    [
      'with pods that do not serve',
      'Deployment',
      { status: { updatedReplicas: 1, replicas: 1 } },
      'waiting',
      /^0 of 1 pods are available/,
    ],
    [
      'that is done',
      'Deployment',
      { status: { updatedReplicas: 1, replicas: 1, availableReplicas: 1 } },
      'ready',
    ],
    [
      'that took too long',
      'Deployment',
      { status: condition('Progressing', 'False', 'ProgressDeadlineExceeded') },
      'failed',
      /ProgressDeadlineExceeded/,
    ],
    [
      'that may have no pods',
      'Deployment',
      { status: condition('ReplicaFailure', 'True', 'FailedCreate') },
      'failed',
      /FailedCreate/,
    ],
    [
      'with no replicas',
      'Deployment',
      { spec: { replicas: 0 } },
      'ready',
      /no replicas/,
    ],
    [
      'that is paused',
      'Deployment',
      { spec: { paused: true } },
      'ready',
      /paused/,
    ],
    [
      'that rolls',
      'StatefulSet',
      {
        status: {
          readyReplicas: 1,
          updatedReplicas: 0,
          currentRevision: 'a',
          updateRevision: 'b',
        },
      },
      'waiting',
      /newest revision/,
    ],
    [
      'with a partition',
      'StatefulSet',
      {
        spec: {
          replicas: 3,
          updateStrategy: { rollingUpdate: { partition: 2 } },
        },
        status: {
          readyReplicas: 3,
          updatedReplicas: 1,
          currentRevision: 'a',
          updateRevision: 'b',
        },
      },
      'ready',
      /partition/,
    ],
    [
      'with OnDelete and pods of before',
      'StatefulSet',
      {
        spec: { updateStrategy: { type: 'OnDelete' } },
        status: { replicas: 1, readyReplicas: 0 },
      },
      'ready',
      /OnDelete/,
    ],
    [
      'with OnDelete that is new',
      'StatefulSet',
      {
        spec: { updateStrategy: { type: 'OnDelete' } },
        status: { replicas: 1, updatedReplicas: 1 },
      },
      'waiting',
      /^0 of 1/,
    ],
    [
      'whose pods must be ready for some time',
      'StatefulSet',
      {
        spec: { minReadySeconds: 5 },
        status: { replicas: 1, readyReplicas: 1, availableReplicas: 0 },
      },
      'waiting',
      /^0 of 1/,
    ],
    [
      'that shrinks',
      'StatefulSet',
      { spec: { replicas: 1 }, status: { replicas: 3, readyReplicas: 3 } },
      'waiting',
      /^2 pods are to go/,
    ],
    [
      'whose controller tells nothing yet',
      'DaemonSet',
      { status: { observedGeneration: undefined, desiredNumberScheduled: 0 } },
      'waiting',
      /has not seen/,
    ],
    [
      'whose controller tells nothing yet, without replicas',
      'Deployment',
      { spec: { replicas: 0 }, status: { observedGeneration: undefined } },
      'waiting',
      /has not seen/,
    ],
    [
      'with OnDelete and pods of before',
      'DaemonSet',
      {
        spec: { updateStrategy: { type: 'OnDelete' } },
        status: { desiredNumberScheduled: 1, currentNumberScheduled: 1 },
      },
      'ready',
      /OnDelete/,
    ],
    [
      'on some of its nodes',
      'DaemonSet',
      {
        status: {
          desiredNumberScheduled: 3,
          updatedNumberScheduled: 3,
          numberAvailable: 2,
        },
      },
      'waiting',
      /^2 of 3/,
    ],
    [
      'on all of its nodes',
      'DaemonSet',
      {
        status: {
          desiredNumberScheduled: 3,
          updatedNumberScheduled: 3,
          numberAvailable: 3,
        },
      },
      'ready',
    ],
    [
      'for no node',
      'DaemonSet',
      { status: { desiredNumberScheduled: 0 } },
      'ready',
      /no node/,
    ],
    [
      'that runs',
      'Job',
      { apiVersion: 'batch/v1', status: { active: 1 } },
      'waiting',
      /runs/,
    ],
    [
      'that is complete',
      'Job',
      { apiVersion: 'batch/v1', status: condition('Complete') },
      'ready',
    ],
    [
      'that will fail when its last pod has ended',
      'Job',
      { apiVersion: 'batch/v1', status: condition('FailureTarget') },
      'failed',
    ],
    [
      'that is suspended',
      'Job',
      { apiVersion: 'batch/v1', spec: { suspend: true } },
      'ready',
      /suspended/,
    ],
    [
      'that failed',
      'Job',
      {
        apiVersion: 'batch/v1',
        status: condition('Failed', 'True', 'BackoffLimitExceeded'),
      },
      'failed',
      /Backoff/,
    ],
    [
      'that was evicted',
      'Pod',
      {
        apiVersion: 'v1',
        status: { phase: 'Failed', reason: 'Evicted', message: 'disk' },
      },
      'failed',
      /Evicted: disk/,
    ],
    [
      'that has ended well',
      'Pod',
      { apiVersion: 'v1', status: { phase: 'Succeeded' } },
      'ready',
      /ended/,
    ],
    [
      'whose volume is gone',
      'PersistentVolumeClaim',
      { apiVersion: 'v1', status: { phase: 'Lost' } },
      'failed',
      /gone/,
    ],
    [
      'that is bound',
      'PersistentVolumeClaim',
      { apiVersion: 'v1', status: { phase: 'Bound' } },
      'ready',
    ],
    ['without a status', 'Widget', { apiVersion: 'acme.dev/v1' }, 'ready'],
    [
      'that is stalled',
      'Widget',
      { apiVersion: 'acme.dev/v1', status: condition('Stalled') },
      'failed',
    ],
    [
      'that is not ready',
      'Widget',
      {
        apiVersion: 'acme.dev/v1',
        status: condition('Ready', 'False', 'Slow'),
      },
      'waiting',
      /Slow/,
    ],
    [
      'that is reconciled',
      'Widget',
      { apiVersion: 'acme.dev/v1', status: condition('Reconciling') },
      'waiting',
    ],
    [
      'that is on its way out',
      'ConfigMap',
      { apiVersion: 'v1', metadata: { deletionTimestamp: 'now' } },
      'waiting',
      /deleted/,
    ],
  ])('of one %s (%s)', (...[, kind, parts, state, why]) => {
    const [found, words] = stateIn(kind, parts);
    expect(found).toBe(state);
    if (why) expect(words).toMatch(why);
  });

  it('of a claim depends on when its class gives it a volume', () => {
    const claim = object('PersistentVolumeClaim', {
      apiVersion: 'v1',
      status: { phase: 'Pending' },
    });
    expect(judge(claim).note).toMatch(/first consumer/);
    expect(judge(claim, true)).toMatchObject({ state: 'waiting' });
  });

  it('may pass where the rollout before may have left it', () => {
    for (const status of [
      condition('Progressing', 'False', 'ProgressDeadlineExceeded'),
      condition('ReplicaFailure', 'True', 'FailedCreate'),
    ]) {
      expect(judge(object('Deployment', { status })).mayPass).toBe(true);
    }
  });

  it('shows what others write on one line, without escape sequences', () => {
    const message = 'one\n\u001b[31mtwo\r\nthree';
    const [, words] = stateIn('Widget', {
      apiVersion: 'acme.dev/v1',
      status: { conditions: [{ type: 'Stalled', status: 'True', message }] },
    });
    expect(words).toBe('one [31mtwo three');
  });

  it('is none of what is ready when it exists', () => {
    for (const [apiVersion, kind, has] of [
      ['v1', 'ConfigMap', false],
      ['rbac.authorization.k8s.io/v1', 'Role', false],
      ['policy/v1', 'PodDisruptionBudget', false],
      ['apps/v1', 'Deployment', true],
      ['acme.dev/v1', 'Deployment', true],
      ['acme.dev/v1', 'Widget', true],
      ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', true],
    ] as const) {
      expect([kind, hasReadiness(object(kind, { apiVersion }))]).toEqual([
        kind,
        has,
      ]);
    }
  });

  it('comes of whatever stands in a status', () => {
    const kind = fc.constantFrom(
      'Deployment',
      'StatefulSet',
      'DaemonSet',
      'Widget',
    );
    const status = fc.dictionary(
      fc.constantFrom(
        'replicas',
        'conditions',
        'updatedReplicas',
        'observedGeneration',
      ),
      fc.oneof(
        fc.jsonValue(),
        fc.array(
          fc.record({
            type: fc.constantFrom('Ready', 'Stalled', 'Progressing'),
            status: fc.constantFrom('True', 'False'),
            reason: fc.jsonValue(),
            message: fc.jsonValue(),
          }),
        ),
      ),
    );
    fc.assert(
      fc.property(
        kind,
        status,
        fc.dictionary(fc.string(), fc.jsonValue()),
        (name, made, spec) => {
          expect(['ready', 'waiting', 'failed']).toContain(
            judge(object(name, { status: made, spec })).state,
          );
        },
      ),
    );
  });
});
