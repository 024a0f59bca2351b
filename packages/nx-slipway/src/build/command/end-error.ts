import { constants } from 'node:os';
import { SlipwayError, formatDuration } from '../../report';
import type { LastLines } from '../../tool';
import { describeCommand, type CommandRun } from './command-run';
import { NOT_FOUND_HINT } from './start-error';
import type { Exit } from './start';

/** POSIX: what a shell answers for a command that it cannot run, or find. */
const SHELL_NOT_EXECUTABLE = 126;
const SHELL_NOT_FOUND = 127;

/** The error of a command that ran and failed; none if it did well. */
export function exitError(
  run: CommandRun,
  { code, signal }: Exit,
  tail: LastLines,
): SlipwayError | undefined {
  if (code === 0) return undefined;
  const shown = describeCommand(run);
  if (code === SHELL_NOT_FOUND) {
    return new SlipwayError({
      code: 'SLIPWAY_E_COMMAND_NOT_FOUND',
      message: `"${shown}" could not be run in ${run.dir}: a command in it was not found.${tail.toString()}`,
      hint: NOT_FOUND_HINT,
    });
  }
  const how = signal
    ? `was ended by ${signal} (${constants.signals[signal]})`
    : `ended with exit code ${code}`;
  return new SlipwayError({
    code: 'SLIPWAY_E_COMMAND_FAILED',
    message: `"${shown}" ${how} in ${run.dir}.${tail.toString()}`,
    hint: hintFor(code, tail),
  });
}

/**
 * Docker's builder without BuildKit lists the images made of a base, then reads
 * each (moby, image/cache): one that is removed meanwhile fails the build.
 */
const LOST_CACHE = /unable to find image "sha256:[0-9a-f]{64}"/;

function hintFor(code: number | null, tail: LastLines): string {
  if (code === SHELL_NOT_EXECUTABLE) {
    return 'A shell says 126 of a file that is not executable: run chmod +x on it.';
  }
  if (LOST_CACHE.test(tail.toString())) {
    return "While Docker looked through its cache somebody removed an image, as docker image prune and builds of other workspaces do. Run it again; Docker's BuildKit does not mind.";
  }
  return 'The command itself failed. It gets EXPECTED_REF and its siblings as environment variables; to try it by hand, set EXPECTED_REF.';
}

export function timedOut(run: CommandRun, tail: LastLines): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_COMMAND_TIMEOUT',
    message: `"${describeCommand(run)}" did not end within ${formatDuration(run.timeout ?? 0)} and was stopped.${tail.toString()}`,
    hint: 'Raise the option timeout, or find out what the command waits for: its standard input is closed.',
  });
}

export function cancelled(): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: 'the build was cancelled.',
  });
}
