import type { CallValue, Value } from '../read';
import {
  asCommand,
  asPathIn,
  asPathsIn,
  asText,
  given,
  own,
  unread,
} from '../values';
import type { Step } from './types';

interface Steps {
  readonly steps: readonly Step[];
  readonly problems: readonly string[];
}

/** The steps of `live_update=[...]`. One that is not read has none written. */
export function liveUpdate(value: Value | undefined): Steps {
  if (value === undefined || value.kind === 'none') return none([]);
  if (value.kind !== 'list')
    return none([`live_update ${unread(value, 'no list').why}`]);
  const problems: string[] = [];
  const steps: Step[] = [];
  for (const item of value.items) {
    const step =
      item.kind === 'call' ? stepOf(item, problems) : notStep(item, problems);
    if (step) steps.push(step);
  }
  // Half of the steps would leave containers in a state that nobody meant.
  return problems.length > 0 ? none(problems) : { steps, problems };
}

const none = (problems: readonly string[]): Steps => ({ steps: [], problems });

function stepOf(call: CallValue, problems: string[]): Step | undefined {
  const reader = own(STEPS, call.name);
  if (!reader) return notStep(call, problems);
  const found: string[] = [];
  const step = reader(call, found);
  const all = step || found.length > 0 ? found : [`${call.text} is no step`];
  problems.push(...all.map((each) => `live_update: ${call.name}: ${each}`));
  return step;
}

function notStep(value: Value, problems: string[]): undefined {
  problems.push(`live_update: a step ${unread(value, 'no step').why}`);
}

type StepReader = (call: CallValue, problems: string[]) => Step | undefined;

const STEPS: Readonly<Record<string, StepReader>> = {
  sync: (call, problems) => {
    const taken = given(call, ['local_path', 'remote_path']);
    const from = taken.take('local_path', asPathIn(call.dir));
    const to = taken.take('remote_path', asText);
    problems.push(...taken.problems);
    if (from === undefined || to === undefined) return undefined;
    return { sync: { from, to } };
  },
  run: (call, problems) => {
    const taken = given(call, ['cmd', 'trigger', 'echo_off']);
    const run = taken.take('cmd', asCommand);
    const trigger = taken.take('trigger', asPathsIn(call.dir)) ?? [];
    problems.push(...taken.problems);
    if (run === undefined) return undefined;
    return trigger.length > 0 ? { run, trigger } : { run };
  },
  fall_back_on: (call, problems) => {
    const taken = given(call, ['files']);
    const fallBackOn = taken.take('files', asPathsIn(call.dir));
    problems.push(...taken.problems);
    return fallBackOn && { fallBackOn };
  },
  initial_sync: () => ({ initialSync: true }),
  restart_container: () => ({ restart: true }),
};
