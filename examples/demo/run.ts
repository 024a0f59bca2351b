import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { DemoError } from './error';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Given each line of both streams as it comes. */
  readonly onLine?: (line: string) => void;
  /** Ends the program when it is aborted. */
  readonly signal: AbortSignal;
}

/** The last lines that an error repeats, when nobody saw them come. */
const LAST_LINES = 20;
/** Between asking a program to end and ending it: Nx stops its tasks first. */
const GRACE_MS = 8000;

/**
 * Runs a program to its end and returns what it wrote to stdout.
 * @throws DemoError DEMO_E_COMMAND, or the signal's reason when it is aborted
 */
export async function run(
  file: string,
  args: readonly string[],
  { cwd, env, input, onLine, signal }: RunOptions,
): Promise<string> {
  const child = execa(file, args, {
    cwd,
    env: { ...env },
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    all: true,
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: GRACE_MS,
  });
  if (onLine) createInterface({ input: child.all }).on('line', onLine);
  const { failed, stdout, all, shortMessage, cause } = await child;
  if (!failed) return stdout;
  signal.throwIfAborted();
  const words = onLine ? '' : `\n${lastLines(all)}`;
  throw new DemoError('DEMO_E_COMMAND', `${shortMessage}${words}`, undefined, {
    cause,
  });
}

function lastLines(text: string): string {
  return text.split('\n').slice(-LAST_LINES).join('\n');
}
