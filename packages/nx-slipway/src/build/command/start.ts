import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { inShell } from '../../tool';
import type { CommandRun } from './command-run';
import { startError } from './start-error';

export type Child = ChildProcessByStdio<null, Readable, Readable>;

/** How a process ended: one of the two is set. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Started {
  readonly child: Child;
  /** Its process group, and the id of its leader. */
  readonly group: number;
  readonly exit: Promise<Exit>;
}

/**
 * Starts a command as the leader of a process group, in a session of its own,
 * with its standard input closed.
 * @param onGroup called before anything else can happen
 * @throws SLIPWAY_E_COMMAND_NOT_FOUND, SLIPWAY_E_COMMAND_FAILED,
 *   SLIPWAY_E_OPTION_INVALID
 */
export async function startCommand(
  run: CommandRun,
  onGroup: (group: number) => void,
): Promise<Started> {
  const { child, failure } = attempt(run);
  if (child?.pid === undefined) throw startError(run, await failure);
  onGroup(child.pid);
  const exit = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { child, group: child.pid, exit };
}

interface Attempt {
  /** It has a pid if it could be started, and else no streams. */
  readonly child?: Child;
  /** Why it could not. */
  readonly failure: Promise<NodeJS.ErrnoException>;
}

/** Of what cannot be started Node throws one half, and emits the other. */
function attempt({ command, dir, env }: CommandRun): Attempt {
  const words =
    typeof command === 'string' ? inShell(command, process.platform) : command;
  const [file = '', ...args] = words;
  if (process.platform === 'win32') {
    const verbatim = typeof command === 'string';
    return attemptOnWindows(file, args, { dir, env, verbatim });
  }
  try {
    const child = spawn(file, args, {
      cwd: dir,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that cancel reaches what the command started.
      detached: true,
    });
    const failure = new Promise<Error>((resolve) => child.on('error', resolve));
    return { child, failure };
  } catch (error) {
    return { failure: Promise.resolve(error as Error) };
  }
}

/**
 * execa finds and quotes for what is no .exe there, which Node refuses. It is
 * not for others: when files run out it lets an error go that nobody can catch.
 */
function attemptOnWindows(
  file: string,
  args: readonly string[],
  given: Pick<CommandRun, 'dir' | 'env'> & { readonly verbatim: boolean },
): Attempt {
  const child = execa(file, args, {
    cwd: given.dir,
    env: given.env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    windowsHide: true,
    windowsVerbatimArguments: given.verbatim,
  });
  const failure = child.then(({ cause }) => cause as NodeJS.ErrnoException);
  return { child: child as unknown as Child, failure };
}
