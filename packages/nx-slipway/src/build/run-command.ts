import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { execa, type ResultPromise } from 'execa';
import {
  SlipwayError,
  StreamScrubber,
  formatDuration,
  scrub,
  type Reporter,
} from '../report';

export interface CommandRun {
  /** A string goes to the shell; an array is run as it is. */
  readonly command: string | readonly string[];
  /** Absolute. */
  readonly dir: string;
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; none: as long as it takes. */
  readonly timeout?: number;
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
}

/** Between asking a process group to end and ending it. Nx gives us 5 s. */
const GRACE_MS = 3000;
/** How much of the output an error repeats. */
const LAST_LINES = 10;

/**
 * Runs the user's build command to its end. Its standard input is closed, its
 * output streams through, scrubbed. On cancel and timeout its whole process
 * group dies: asked first, then killed.
 * @throws SLIPWAY_E_COMMAND_NOT_FOUND, SLIPWAY_E_COMMAND_FAILED,
 *   SLIPWAY_E_COMMAND_TIMEOUT, SLIPWAY_E_CANCELLED, SLIPWAY_E_OPTION_INVALID
 *   if `dir` does not exist
 */
export async function runCommand(run: CommandRun): Promise<void> {
  if (run.signal.aborted) throw cancelled();
  const child = start(run);
  const tail = new LastLines(LAST_LINES);
  const streams = stream(child, run, tail);
  let ending: 'timeout' | 'cancel' | undefined;
  const end = (reason: 'timeout' | 'cancel') => {
    ending ??= reason;
    void killGroup(child);
  };
  const onAbort = () => end('cancel');
  run.signal.addEventListener('abort', onAbort, { once: true });
  const timer = run.timeout && setTimeout(() => end('timeout'), run.timeout);
  try {
    const result = await child;
    // First, so that an error below has the last line too.
    for (const scrubber of streams) scrubber.end();
    if (ending === 'cancel') throw cancelled();
    if (ending === 'timeout') throw timedOut(run, tail);
    if (result.failed) throw failure(run, result, tail);
  } finally {
    clearTimeout(timer || undefined);
    run.signal.removeEventListener('abort', onAbort);
  }
}

type Child = ResultPromise<{
  reject: false;
  buffer: false;
  stdin: 'ignore';
  extendEnv: false;
}>;

function start({ command, dir, env }: CommandRun): Child {
  const options = {
    cwd: dir,
    env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    // A group of its own, so that cancel reaches what the command started.
    detached: process.platform !== 'win32',
    windowsHide: true,
  } as const;
  if (typeof command === 'string') {
    const [shell, ...flags] = shellFor(process.platform);
    return execa(shell, [...flags, command], {
      ...options,
      windowsVerbatimArguments: true,
    });
  }
  const [file = '', ...args] = command;
  return execa(file, args, options);
}

/** `sh -c` as Tilt has it; on Windows `cmd /D /S /C`, as Node's own shell. */
function shellFor(platform: NodeJS.Platform): [string, ...string[]] {
  return platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c'] : ['sh', '-c'];
}

function stream(child: Child, run: CommandRun, tail: LastLines) {
  return (['stdout', 'stderr'] as const).map((name) => {
    const scrubber = new StreamScrubber(run.secrets, (text) => {
      tail.add(text);
      run.reporter.output(name, text);
    });
    child[name].setEncoding('utf8');
    child[name].on('data', (chunk: string) => scrubber.push(chunk));
    return scrubber;
  });
}

async function killGroup(child: Child): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const killer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  await child;
  clearTimeout(killer);
  // The leader is gone; what it started may not be.
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    void execa('taskkill', ['/pid', String(child.pid), '/t', '/f'], {
      reject: false,
    });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: nobody of the group is left, which is what we want.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function describe({ command, secrets }: CommandRun): string {
  const text = typeof command === 'string' ? command : command.join(' ');
  return scrub(text, secrets);
}

/** POSIX: what a shell answers for a command that it cannot find. */
const SHELL_NOT_FOUND = 127;

function failure(
  run: CommandRun,
  result: Awaited<Child>,
  tail: LastLines,
): SlipwayError {
  const shown = describe(run);
  // Node says ENOENT of the command when it is the folder that is missing.
  if (result.code === 'ENOENT' && !existsSync(run.dir)) {
    return new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `"${shown}" could not be run in ${run.dir}, which does not exist.`,
      hint: 'Check the option dir. If another target makes that folder, add it to dependsOn.',
    });
  }
  const noFile = result.code === 'ENOENT';
  if (noFile || result.exitCode === SHELL_NOT_FOUND) {
    return new SlipwayError({
      code: 'SLIPWAY_E_COMMAND_NOT_FOUND',
      message: `"${shown}" could not be run in ${run.dir}: a command in it was not found.${tail.toString()}`,
      hint: 'Install it, or check PATH and the spelling; a script in the project needs ./ in front. An array command is run without a shell.',
    });
  }
  if (result.exitCode === undefined && !result.signal) {
    return new SlipwayError({
      code: 'SLIPWAY_E_COMMAND_FAILED',
      message: `"${shown}" could not be started in ${run.dir}: ${result.originalMessage ?? result.code ?? 'unknown reason'}.`,
      hint: 'Is the file executable (chmod +x), and is dir a folder?',
      cause: result.cause,
    });
  }
  const how = result.signal
    ? `was ended by ${result.signal} (${constants.signals[result.signal]})`
    : `ended with exit code ${result.exitCode}`;
  return new SlipwayError({
    code: 'SLIPWAY_E_COMMAND_FAILED',
    message: `"${shown}" ${how} in ${run.dir}.${tail.toString()}`,
    hint: 'The command itself failed. It gets EXPECTED_REF and its siblings as environment variables; to try it by hand, set EXPECTED_REF.',
  });
}

function timedOut(run: CommandRun, tail: LastLines): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_COMMAND_TIMEOUT',
    message: `"${describe(run)}" did not end within ${formatDuration(run.timeout ?? 0)} and was stopped.${tail.toString()}`,
    hint: 'Raise the option timeout, or find out what the command waits for: its standard input is closed.',
  });
}

function cancelled(): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: 'the build was cancelled.',
  });
}

/** The end of what the command printed, both streams as they came. */
class LastLines {
  private text = '';

  constructor(private readonly count: number) {}

  add(text: string): void {
    this.text = (this.text + text)
      .split('\n')
      .slice(-this.count - 1)
      .join('\n');
  }

  toString(): string {
    const lines = this.text.trimEnd();
    if (lines === '') return ' It printed nothing.';
    return ` Its last lines:\n${lines.replace(/^/gm, '    ')}`;
  }
}
