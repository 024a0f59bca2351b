import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { SlipwayError, scrub, type ErrorCode } from '../../report';
import { describeCommand, type CommandRun } from './command-run';

interface Reason {
  readonly why: string;
  readonly hint: string;
  readonly code?: ErrorCode;
}

/** execve(2) and fork(2), in words. */
const REASONS: Readonly<Record<string, Reason>> = {
  EACCES: {
    why: 'it is not executable',
    hint: 'Run chmod +x on it. A folder cannot be run, nor a file on a disk that is mounted noexec.',
  },
  ENOEXEC: {
    why: 'this machine does not know its format',
    hint: 'A script begins with a line like #!/bin/sh; a program must be built for this platform.',
  },
  ETXTBSY: {
    why: 'another process is still writing it',
    hint: 'Run it again. If another target makes it, add that target to dependsOn.',
  },
  EAGAIN: {
    why: 'the system lets this user start no more processes',
    hint: 'End some, or raise the limit (ulimit -u; in a container, its limit of processes).',
  },
  ENOMEM: {
    why: 'the system has no memory left',
    hint: 'End something, or run fewer tasks at once (--parallel).',
  },
  EMFILE: {
    why: 'this process has too many open files',
    hint: 'Raise the limit (ulimit -n), or run fewer tasks at once (--parallel).',
  },
  ENFILE: {
    why: 'the system has too many open files',
    hint: 'End something, or raise the limit of the system (fs.file-max).',
  },
};

/** Why a command could not even be started. @param error what Node said */
export function startError(
  run: CommandRun,
  error: NodeJS.ErrnoException,
): SlipwayError {
  const { why, hint, code } = reasonOf(run, error);
  return new SlipwayError({
    code: code ?? 'SLIPWAY_E_COMMAND_FAILED',
    message: `"${describeCommand(run)}" could not be started in ${run.dir}: ${why}.`,
    hint,
    cause: error,
  });
}

function reasonOf(run: CommandRun, error: NodeJS.ErrnoException): Reason {
  // Before all else: Node says of the command what is wrong with the folder.
  const folder = whatIsWrongWith(run.dir);
  if (folder) {
    return {
      why: folder,
      hint: 'Check the option dir. If another target makes that folder, add it to dependsOn.',
      code: 'SLIPWAY_E_OPTION_INVALID',
    };
  }
  if (error.code === 'ENOENT') return notFound(run);
  if (error.code === 'E2BIG') return tooBig(run);
  const known = REASONS[error.code ?? ''];
  if (known) return known;
  return {
    why: scrub(error.message, run.secrets),
    hint: 'Check command, dir and env. Try the command by hand.',
  };
}

function whatIsWrongWith(dir: string): string | undefined {
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (!stats) return 'that folder does not exist';
  return stats.isDirectory() ? undefined : `${dir} is not a folder`;
}

function notFound({ command, dir }: CommandRun): Reason {
  const file = typeof command === 'string' ? 'sh' : (command[0] ?? '');
  const code = 'SLIPWAY_E_COMMAND_NOT_FOUND';
  if (file.includes('/') && existsSync(resolve(dir, file))) {
    return {
      code,
      why: 'it is there, but the program that its first line (#!) names was not found',
      hint: 'Install that program. A script with Windows line ends looks like this too: save it with LF.',
    };
  }
  return { code, why: `${file} was not found`, hint: NOT_FOUND_HINT };
}

export const NOT_FOUND_HINT =
  'Install it, or check PATH and the spelling; a script in the project needs ./ in front. An array command is run without a shell.';

/** How many of the largest are named. */
const MAX_NAMED = 3;
/** Nobody's fault. */
const SMALL_BYTES = 4096;

/** Names what is large and how large it is, never what is in it. */
function tooBig({ command, env }: CommandRun): Reason {
  const words = typeof command === 'string' ? [command] : command;
  const sizes = [
    ...Object.entries(env),
    ...words.map((word) => ['the command itself', word] as const),
  ].map(([name, value = '']) => ({ name, bytes: Buffer.byteLength(value) }));
  const largest = sizes
    .filter(({ bytes }) => bytes >= SMALL_BYTES)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, MAX_NAMED)
    .map(({ name, bytes }) => `${name} (${Math.ceil(bytes / 1024)} KiB)`);
  return {
    why: `its arguments and environment are too large for the system. The largest: ${largest.join(', ') || 'none, there are too many'}`,
    hint: 'Linux takes 128 KiB for one variable or argument, and some 2 MiB for all. Unset what the command does not need, or pass it in a file.',
  };
}
