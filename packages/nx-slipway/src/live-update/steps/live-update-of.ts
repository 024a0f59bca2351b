import { nearest } from '../../report';
import type { LiveUpdate } from '../types';
import { invalid } from './invalid';
import { assertOrder } from './order';
import {
  fileRulesOf,
  initialSyncOf,
  restartOf,
  runOf,
  syncOf,
} from './read-step';
import {
  isObject,
  nameOf,
  valueIn,
  type Value,
  type Where,
} from './read-value';
import { STEPS, type StepKind } from './step';

const KNOWN_STEPS = `Steps are ${STEPS.join(', ')}.`;

/**
 * Reads the option `liveUpdate`. The rules are Tilt's (live_update.go), but that
 * paths may be globs, and that a run needs no sync.
 * @throws SLIPWAY_E_OPTION_INVALID, naming the step by its number from 1
 */
export function liveUpdateOf(steps: unknown, where: Where): LiveUpdate {
  if (!Array.isArray(steps)) {
    throw invalid(
      'liveUpdate is no list of steps',
      'Write [{ "sync": { "from": "src", "to": "/app/src" } }].',
    );
  }
  const values = steps.map((value: unknown, index): Value => ({
    value,
    within: [index],
  }));
  const kinds = values.map(kindOf);
  assertOrder(kinds);
  const all = <T>(wanted: StepKind, read: (step: Value, value: Value) => T) =>
    values
      .filter((_, index) => kinds[index] === wanted)
      .map((step) => read(step, valueIn(step, wanted)));
  const fallBackOn = all('fallBackOn', (_, value) => fileRulesOf(value, where));
  const [initialSync] = all('initialSync', (_, value) => initialSyncOf(value));
  const [restart = false] = all('restart', (_, value) => restartOf(value));
  return {
    fallBackOn: fallBackOn.flat(),
    ...(initialSync && { initialSync }),
    syncs: all('sync', (_, value) => syncOf(value, where)),
    runs: all('run', (step) => runOf(step, where)),
    restart,
  };
}

/** Exactly one thing is a step; `trigger` belongs to a run. */
function kindOf(given: Value): StepKind {
  const { value } = given;
  const name = nameOf(given);
  const keys = isObject(value) ? Object.keys(value) : [];
  const unknown = keys.find((key) => !isKind(key) && key !== 'trigger');
  if (unknown !== undefined) {
    const near = nearest(unknown, [...STEPS, 'trigger']);
    throw invalid(
      `${name} is "${unknown}", which is no step`,
      near === undefined ? KNOWN_STEPS : `Did you mean ${near}?`,
    );
  }
  const [kind, ...others] = keys.filter(isKind);
  if (kind === undefined) throw invalid(`${name} says nothing`, KNOWN_STEPS);
  if (others.length > 0) {
    throw invalid(
      `${name} is ${[kind, ...others].join(' and ')}`,
      'A step is one thing. Write them as steps of their own, in the order in which they are done.',
    );
  }
  if (keys.includes('trigger') && kind !== 'run') {
    throw invalid(
      `${name} is a ${kind} with a trigger`,
      'Files trigger a run. Everything else is done each time.',
    );
  }
  return kind;
}

function isKind(key: string): key is StepKind {
  return STEPS.some((step) => step === key);
}
