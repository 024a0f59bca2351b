import { execa, type ResultPromise } from 'execa';
import type { CommandRun } from './command-run';
import { startError } from './start-error';

export type Child = ResultPromise<{
  reject: false;
  buffer: false;
  stdin: 'ignore';
  extendEnv: false;
}>;

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
  let child: Child;
  try {
    child = spawn(run);
  } catch (error) {
    // What no system takes: a zero byte in an argument.
    throw startError(run, error as NodeJS.ErrnoException);
  }
  if (child.pid === undefined) {
    const { cause } = await child;
    throw startError(run, cause as NodeJS.ErrnoException);
  }
  onGroup(child.pid);
  const exit = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { child, group: child.pid, exit };
}

function spawn({ command, dir, env }: CommandRun): Child {
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
