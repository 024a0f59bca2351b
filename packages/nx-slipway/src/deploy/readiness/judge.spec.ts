import fc from 'fast-check';
import type { LiveObject } from '../live';
import { hasReadiness, judge } from './judge';
import { ownPods } from './own-pods';
import { stateOf, troubleOf } from './pod-trouble';

interface Parts {
  apiVersion?: string;
  metadata?: object;
  spec?: object;
  status?: object;
}

const object = (kind: string, parts: Parts = {}): LiveObject => ({
  apiVersion: 'apps/v1',
  kind,
  ...parts,
  metadata: { name: 'x', uid: 'x', generation: 2, ...parts.metadata },
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
      'with OnDelete',
      'StatefulSet',
      { spec: { updateStrategy: { type: 'OnDelete' } } },
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
      fc.jsonValue(),
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

describe('the trouble of a pod', () => {
  const pod = (state: object, more: object = {}) =>
    object('Pod', {
      apiVersion: 'v1',
      status: { containerStatuses: [{ name: 'main', state, ...more }] },
    });
  const waits = (reason: string, message?: string) => ({
    waiting: { reason, message },
  });

  it.each([
    ['CrashLoopBackOff', false],
    ['ImagePullBackOff', false],
    ['InvalidImageName', false],
    ['CreateContainerConfigError', true],
    ['RunContainerError', true],
  ])('is %s, which may pass: %s', (reason, mayPass) => {
    expect(troubleOf(pod(waits(reason)), false)).toMatchObject({
      container: 'main',
      mayPass,
    });
  });

  it.each(['ContainerCreating', 'PodInitializing', 'ErrImagePull'])(
    'is not %s yet',
    (reason) => {
      expect(troubleOf(pod(waits(reason)), false)).toBeUndefined();
      expect(stateOf(pod(waits(reason)))?.words).toContain(reason);
    },
  );

  it('is no crash of a Job, which counts them itself', () => {
    expect(troubleOf(pod(waits('CrashLoopBackOff')), true)).toBeUndefined();
  });

  it('tells how a container ended', () => {
    const lastState = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
    const crash = pod(waits('CrashLoopBackOff'), { lastState });
    expect(troubleOf(crash, false)?.reason).toMatch(/memory/);
  });

  it('is none of a pod that goes', () => {
    const going = pod(waits('CrashLoopBackOff'));
    const metadata = { ...going.metadata, deletionTimestamp: 'now' };
    expect(troubleOf({ ...going, metadata }, false)).toBeUndefined();
  });

  it('is that no node has room', () => {
    const status = condition('PodScheduled', 'False', 'Unschedulable');
    expect(troubleOf(object('Pod', { status }), false)).toMatchObject({
      mayPass: true,
    });
  });
});

describe('the pods of the newest template', () => {
  const owned = (
    uid: string,
    kind: string,
    by: string,
    metadata: object = {},
  ) =>
    object(kind, {
      metadata: {
        uid,
        ownerReferences: [{ uid: by, controller: true }],
        ...metadata,
      },
    });
  const revision = (value: string) => ({
    annotations: { 'deployment.kubernetes.io/revision': value },
  });

  it('of a Deployment are those of the ReplicaSet of its revision', () => {
    const related = {
      replicaSets: [
        owned('old', 'ReplicaSet', 'x', revision('1')),
        owned('new', 'ReplicaSet', 'x', revision('2')),
        owned('other', 'ReplicaSet', 'y', revision('2')),
      ],
      pods: ['old', 'new', 'other'].map((by) => owned(`pod-${by}`, 'Pod', by)),
    };
    const deployment = object('Deployment', { metadata: revision('2') });
    expect(
      ownPods(deployment, related).map(({ metadata }) => metadata.uid),
    ).toEqual(['pod-new']);
  });

  it('of a StatefulSet are those of its update revision', () => {
    const labels = (hash: string) => ({
      labels: { 'controller-revision-hash': hash },
    });
    const pods = [
      owned('a', 'Pod', 'x', labels('one')),
      owned('b', 'Pod', 'x', labels('two')),
    ];
    const set = object('StatefulSet', { status: { updateRevision: 'two' } });
    expect(
      ownPods(set, { pods, replicaSets: [] }).map(
        ({ metadata }) => metadata.uid,
      ),
    ).toEqual(['b']);
  });
});
