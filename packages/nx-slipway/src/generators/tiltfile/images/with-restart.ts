import type { Call } from '../read';
import type { Made, Step } from './types';
import { isImage } from './types';

/** What the extension restart_process adds to a call, in its order. */
export const RESTART_PARAMETERS = [
  'entrypoint',
  'live_update',
  'base_suffix',
  'restart_file',
  'trigger',
  'exit_policy',
];

/** The parameters of a builder that is wrapped so; `before` come first. */
export const withRestartParameters = (
  before: readonly string[],
  all: readonly string[],
): string[] => [
  ...before,
  ...RESTART_PARAMETERS,
  ...all.filter((name) => ![...before, ...RESTART_PARAMETERS].includes(name)),
];

/** The process starts again after each live update; no second image is built. */
export function withRestart(call: Call, made: Made): Made {
  if (!isImage(made)) return made;
  const restart: Step = { restart: true };
  const steps = made.liveUpdate.filter((step) => !('restart' in step));
  const notes = [...made.notes];
  if (call.named.has('trigger')) {
    notes.push(
      '`trigger`: the process starts again after every live update, for `restart` knows no files of its own',
    );
  }
  if (call.named.has('exit_policy')) {
    notes.push('`exit_policy`: a process that ends is a container that ends');
  }
  return {
    ...made,
    liveUpdate: steps.length > 0 ? [...steps, restart] : [],
    notes,
  };
}
