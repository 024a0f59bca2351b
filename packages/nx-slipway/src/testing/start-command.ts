import { runCommand, type CommandRun } from '../build/command';
import { recordingReporter } from './recording-reporter';

/** Starts a command in a folder; `printed` is what came of it so far. */
export function startCommandIn(
  dir: string,
  command: CommandRun['command'],
  more: Partial<CommandRun> = {},
) {
  const reporter = recordingReporter();
  const { printed, lines, warnings } = reporter;
  const controller = new AbortController();
  const done = runCommand({
    command,
    dir,
    env: { PATH: process.env.PATH },
    secrets: [],
    signal: controller.signal,
    reporter,
    ...more,
  });
  // Some tests look at it late; until then it is no unhandled rejection.
  done.catch(() => undefined);
  const abort = () => controller.abort();
  return { done, printed, lines, warnings, abort };
}
