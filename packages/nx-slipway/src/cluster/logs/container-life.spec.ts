import { lifeOf, type LivingPod } from './container-life';

const ended = (containerID: string, exitCode = 0) => ({
  terminated: { containerID, exitCode },
});
const running = { running: {} };

/** With one container `main`, or one before it. */
function pod(
  state: object,
  { lastState = {}, id = 'b', ...rest }: Record<string, unknown> = {},
): LivingPod {
  const status = { name: 'main', containerID: id, state, lastState };
  return {
    metadata: {},
    status: { phase: 'Running', containerStatuses: [status as never] },
    ...rest,
  };
}

describe('the life of a container', () => {
  it('has not begun while it waits', () => {
    const none = { isRunning: false, isOver: false, id: undefined };
    expect(lifeOf(pod({ waiting: {} }, { id: '' }), 'main')).toEqual(none);
    expect(lifeOf({ metadata: {} }, 'main')).toEqual(none);
  });

  it('is that of the newest, and of the one before while it waits', () => {
    const lastState = ended('a', 1);
    expect(lifeOf(pod(running, { lastState }), 'main')).toEqual({
      ...{ id: 'b', isRunning: true, previous: 'a', isOver: false },
    });
    expect(lifeOf(pod({ waiting: {} }, { lastState }), 'main')).toEqual({
      ...{ id: 'a', isRunning: false, isOver: false },
    });
  });

  it.each([
    ['Always', 0, false],
    ['Always', 1, false],
    ['OnFailure', 0, true],
    ['OnFailure', 1, false],
    ['Never', 0, true],
    ['Never', 1, true],
  ])(
    'goes on after its end by the policy %s, %d',
    (restartPolicy, code, over) => {
      const given = pod(ended('b', code), { spec: { restartPolicy } });
      expect(lifeOf(given, 'main').isOver).toBe(over);
    },
  );

  it.each([
    ['succeeds', undefined, 0, true],
    ['fails', undefined, 1, false],
    ['runs beside the others', 'Always', 0, false],
  ])('of an init container that %s', (_what, restartPolicy, code, over) => {
    const state = ended('b', code);
    const given: LivingPod = {
      metadata: {},
      spec: { initContainers: [{ name: 'main', restartPolicy }] },
      status: { initContainerStatuses: [{ name: 'main', state }] },
    };
    expect(lifeOf(given, 'main').isOver).toBe(over);
  });

  it('is over with its pod, once it runs no more', () => {
    const deleted = { metadata: { deletionTimestamp: 'x' } };
    expect(lifeOf(pod(running, deleted), 'main').isOver).toBe(false);
    expect(lifeOf(pod(ended('b'), deleted), 'main').isOver).toBe(true);
    const failed = { status: { phase: 'Failed' } };
    expect(lifeOf(pod({}, failed), 'main').isOver).toBe(true);
  });
});
