import type { LiveObject } from '../live';
import { containersOf, howEnded } from './pod-trouble';
import { fieldsOf, saidBy, textOf } from './status';

/** What a pod is at that does not serve yet. */
export interface PodState {
  readonly pod: LiveObject;
  /** None: the pod as a whole. */
  readonly container?: string;
  readonly words: string;
  /** Whether the last words are those of the container before this one. */
  readonly hasRestarted: boolean;
}

/** @returns undefined for a pod that serves, and one of which nothing is known */
export function stateOf(pod: LiveObject): PodState | undefined {
  const status = fieldsOf(pod, 'status');
  const whole = (words: string) => ({ pod, words, hasRestarted: false });
  if (pod.metadata.deletionTimestamp !== undefined) {
    return whole('it still ends');
  }
  if (status.phase === 'Failed' && textOf(status, 'reason') !== '') {
    return whole(saidBy(status));
  }
  for (const each of containersOf(pod)) {
    const { name: container, isInit, state, restarts, fields } = each;
    const name = `${isInit ? 'init container' : 'container'} ${container}`;
    const told = (words: string, hasRestarted = false) => {
      const again = restarts > 0 ? `, started again ${restarts} times` : '';
      return {
        pod,
        container,
        words: `${name} ${words}${again}`,
        hasRestarted,
      };
    };
    if (state.waiting) {
      const why = textOf(fieldsOf(state, 'waiting'), 'reason');
      return told(`waits (${why})`, restarts > 0);
    }
    const ended = fieldsOf(state, 'terminated');
    if (state.terminated && ended.exitCode !== 0) {
      return told(`has ended with ${howEnded(ended)}`);
    }
    // One that runs beside the others has `started`; it is not waited for here.
    if (state.running && isInit && fields.started !== true) {
      return told('runs');
    }
    if (state.running && !isInit && fields.ready === false) {
      return told('is not ready');
    }
  }
  return undefined;
}

/** The first that tells something, those that go last. */
export function worstState(pods: readonly LiveObject[]): PodState | undefined {
  const states = pods.flatMap((pod) => stateOf(pod) ?? []);
  const lives = (state: PodState) =>
    state.pod.metadata.deletionTimestamp === undefined &&
    fieldsOf(state.pod, 'status').phase !== 'Failed';
  return states.find(lives) ?? states[0];
}
