import { containersIn, isRunning, type PodObject } from './pod';

const status = (name: string, containerID: string, state: object = {}) => ({
  name,
  containerID,
  state: { running: {}, ...state },
});

const pod = (parts: {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}) =>
  ({
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      uid: 'one',
      ...parts.metadata,
    },
    spec: { containers: [{ name: 'web', image: 'web:1' }], ...parts.spec },
    status: {
      phase: 'Running',
      containerStatuses: [status('web', 'id-1')],
      ...parts.status,
    },
  }) as PodObject;

const found = (given: PodObject) =>
  containersIn(given, (image) => image === 'web:1').map(
    ({ place: { container }, id }) => [container, id],
  );

describe('the containers that count', () => {
  it('are those of the image, sidecars among them', () => {
    const some = pod({
      spec: {
        initContainers: [
          { name: 'migrate', image: 'web:1' },
          { name: 'side', image: 'web:1', restartPolicy: 'Always' },
        ],
        containers: [
          { name: 'web', image: 'web:1' },
          { name: 'other', image: 'web:2' },
          { name: 'again', image: 'web:1' },
        ],
        ephemeralContainers: [{ name: 'debug', image: 'web:1' }],
      },
      status: {
        initContainerStatuses: [status('side', 'id-2')],
        containerStatuses: [status('web', 'id-1'), status('other', 'id-3')],
      },
    });
    expect(found(some)).toEqual([
      ['side', 'id-2'],
      ['web', 'id-1'],
      ['again', undefined],
    ]);
  });

  it.each([
    [{ metadata: { deletionTimestamp: 'now' } }],
    [{ status: { phase: 'Succeeded' } }],
    [{ status: { phase: 'Failed' } }],
  ])('are not those of a pod that ends: %j', (parts) => {
    expect(found(pod(parts))).toEqual([]);
  });

  it('have no id while they do not run', () => {
    const waiting = { waiting: { reason: 'CrashLoopBackOff' } };
    const state = { running: undefined, ...waiting };
    const given = pod({
      status: { containerStatuses: [status('web', 'id-1', state)] },
    });
    const [container] = containersIn(given, () => true);
    expect(container).toMatchObject({ isCrashLooping: true });
    expect(container?.id).toBeUndefined();
    expect(found(pod({ status: { containerStatuses: undefined } }))).toEqual([
      ['web', undefined],
    ]);
  });

  it('run if they are the same in the same pod', () => {
    const [seen] = containersIn(pod({}), () => true);
    if (!seen) throw new Error('none');
    expect(isRunning(pod({}), seen)).toBe(true);
    expect(isRunning(pod({ metadata: { uid: 'two' } }), seen)).toBe(false);
    const next = { containerStatuses: [status('web', 'id-2')] };
    expect(isRunning(pod({ status: next }), seen)).toBe(false);
    expect(
      isRunning(pod({ metadata: { deletionTimestamp: 'now' } }), seen),
    ).toBe(false);
  });
});
