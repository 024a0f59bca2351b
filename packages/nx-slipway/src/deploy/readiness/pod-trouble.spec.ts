import fc from 'fast-check';
import type { LiveObject } from '../live';
import { stateOf, worstState } from './pod-state';
import { troubleOf, type Weight } from './pod-trouble';

const pod = (status: object, metadata: object = {}): LiveObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', uid: 'web', ...metadata },
  status,
});

const container = (state: object, more: object = {}) =>
  pod({ containerStatuses: [{ name: 'main', state, ...more }] });

const waits = (reason: string, message = '') => ({
  waiting: { reason, message },
});
const ended = (exitCode: number, more: object = {}) => ({
  terminated: { exitCode, ...more },
});

const NOT_FOUND =
  'rpc error: code = NotFound desc = failed to pull and unpack image "reg:5000/web:1": reg:5000/web:1: not found';
const REFUSED =
  'failed to do request: Head "https://reg:5000/v2/": dial tcp 10.0.0.1:5000: connect: connection refused';

describe('the trouble of a container', () => {
  it.each<[string, string, Weight | undefined]>([
    ['CrashLoopBackOff', '', 'crash'],
    ['InvalidImageName', '', 'now'],
    ['ErrImageNeverPull', '', 'now'],
    // What is not in the registry will not be there in ten seconds.
    ['ErrImagePull', NOT_FOUND, 'now'],
    ['ErrImagePull', REFUSED, 'pull'],
    ['ErrImagePull', 'pull access denied', 'pull'],
    ['ImagePullBackOff', `Back-off: ErrImagePull: ${NOT_FOUND}`, 'now'],
    ['ImagePullBackOff', `Back-off: ErrImagePull: ${REFUSED}`, 'pull'],
    ['ImagePullBackOff', 'toomanyrequests: rate limit', 'pull'],
    ['ImagePullBackOff', '502 Bad Gateway', 'pull'],
    // Kubernetes before 1.31 says no more.
    ['ImagePullBackOff', 'Back-off pulling image "reg:5000/web:500x"', 'now'],
    ['CreateContainerConfigError', 'secret "x" not found', 'lasting'],
    ['CreateContainerError', '', 'lasting'],
    ['RunContainerError', '', 'lasting'],
    ['ContainerCreating', '', undefined],
    ['PodInitializing', '', undefined],
  ])('that waits for %s (%s) is %s', (reason, message, weight) => {
    expect(troubleOf(container(waits(reason, message)), false)?.weight).toBe(
      weight,
    );
  });

  it('is that of an init container, too', () => {
    const status = {
      initContainerStatuses: [
        { name: 'migrate', state: waits('CrashLoopBackOff'), restartCount: 2 },
      ],
      containerStatuses: [{ name: 'main', state: waits('PodInitializing') }],
    };
    expect(troubleOf(pod(status), false)).toMatchObject({
      container: 'migrate',
      restarts: 2,
    });
  });

  it('is a crash when it has ended badly twice, before it is called so', () => {
    const once = container(ended(1), { restartCount: 0 });
    const twice = container(ended(1), { restartCount: 1 });
    const well = container(ended(0), { restartCount: 1 });
    expect(troubleOf(once, false)).toBeUndefined();
    // Its log is still that of this container, not of the one before.
    expect(troubleOf(twice, false)).toMatchObject({
      weight: 'crash',
      hasRestarted: false,
    });
    expect(troubleOf(well, false)).toBeUndefined();
  });

  it('tells how it ended', () => {
    const crash = (lastState: object) =>
      troubleOf(container(waits('CrashLoopBackOff'), { lastState }), false)
        ?.reason;
    expect(crash(ended(3))).toMatch(/it ends with exit code 3, again/);
    expect(crash(ended(137, { reason: 'OOMKilled' }))).toMatch(/its limit/);
    expect(crash(ended(1, { message: 'no\n\u001b[1mdatabase' }))).toMatch(
      /exit code 1 \(no \[1mdatabase\)/,
    );
    expect(crash({})).toMatch(/exit code unknown/);
  });

  it('is no crash of a Job, which counts them itself', () => {
    expect(
      troubleOf(container(waits('CrashLoopBackOff')), true),
    ).toBeUndefined();
  });

  it('is none in a pod that goes', () => {
    const { status } = container(waits('CrashLoopBackOff'));
    const going = pod(status as object, { deletionTimestamp: 'now' });
    expect(troubleOf(going, false)).toBeUndefined();
  });
});

describe('a pod that fits on no node', () => {
  const unschedulable = (message: string, more: object = {}) =>
    pod({
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message,
        },
      ],
      ...more,
    });

  it('is in trouble', () => {
    const nowhere = unschedulable('0/1 nodes are available: 1 Too many pods.');
    expect(troubleOf(nowhere, false)).toMatchObject({ weight: 'node' });
  });

  it('is in none while its volume is made, or others make room', () => {
    const volume = 'pod has unbound immediate PersistentVolumeClaims.';
    expect(troubleOf(unschedulable(volume), false)).toBeUndefined();
    const nominated = unschedulable('0/1', { nominatedNodeName: 'node-1' });
    expect(troubleOf(nominated, false)).toBeUndefined();
  });
});

describe('what a pod is at', () => {
  it.each<[string, LiveObject, RegExp | undefined]>([
    ['it is made', container(waits('ContainerCreating')), /Creating/],
    [
      'its probe fails',
      container({ running: {} }, { ready: false }),
      /container main is not ready$/,
    ],
    [
      'it was started again',
      container({ running: {} }, { ready: false, restartCount: 2 }),
      /is not ready, started again 2 times$/,
    ],
    ['it has ended badly', container(ended(1)), /has ended with exit code 1/],
    ['it serves', container({ running: {} }, { ready: true }), undefined],
    [
      'its init container runs',
      pod({
        initContainerStatuses: [{ name: 'init', state: { running: {} } }],
      }),
      /^init container init runs$/,
    ],
    [
      'it was evicted',
      pod({ phase: 'Failed', reason: 'Evicted', message: 'disk' }),
      /^Evicted: disk$/,
    ],
    ['it goes', pod({}, { deletionTimestamp: 'now' }), /still ends/],
  ])('is told when %s', (_, one, words) => {
    const told = stateOf(one)?.words;
    if (words) expect(told).toMatch(words);
    else expect(told).toBeUndefined();
  });

  it('is that of a pod that lives rather than of one that was', () => {
    const evicted = pod({ phase: 'Failed', reason: 'Evicted' });
    const going = pod({}, { deletionTimestamp: 'now' });
    const starting = container(waits('ContainerCreating'));
    expect(worstState([evicted, going, starting])?.pod).toBe(starting);
    expect(worstState([evicted])?.pod).toBe(evicted);
  });

  it('comes of whatever stands in a status', () => {
    const lists = fc.constantFrom('containerStatuses', 'initContainerStatuses');
    const containers = fc.record({
      name: fc.jsonValue(),
      state: fc.jsonValue(),
      lastState: fc.jsonValue(),
      restartCount: fc.jsonValue(),
    });
    const statuses = fc.dictionary(
      lists,
      fc.oneof(fc.jsonValue(), fc.array(containers)),
    );
    fc.assert(
      fc.property(statuses, (status) => {
        expect(() => [
          troubleOf(pod(status), false),
          stateOf(pod(status)),
        ]).not.toThrow();
      }),
    );
  });
});
