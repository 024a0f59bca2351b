import { execa } from 'execa';

export interface Ran {
  readonly exitCode: number;
  /** Both streams, as they came. */
  readonly output: string;
  readonly stdout: string;
}

/** Runs a command and throws, with its output, if it fails. */
export async function run(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<string> {
  const { stdout } = await execa(file, args, options);
  return stdout;
}

/** Runs a command that may fail. */
export async function tryRun(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string | undefined> },
): Promise<Ran> {
  const result = await execa(file, args, {
    ...options,
    extendEnv: false,
    all: true,
    reject: false,
    stdin: 'ignore',
  });
  return {
    exitCode: result.exitCode ?? 1,
    output: result.all,
    stdout: result.stdout,
  };
}
