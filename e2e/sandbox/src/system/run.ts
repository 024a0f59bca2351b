import { execa, type Options } from 'execa';
import { SandboxError } from '../error';

export interface RunOptions extends Pick<Options, 'cwd' | 'env' | 'input'> {
  /** Let `env` be the whole environment. */
  readonly bareEnv?: boolean;
  /** Milliseconds; none unless given. */
  readonly timeout?: number;
}

/**
 * Runs a short program to its end and returns its stdout.
 * @throws SandboxError SANDBOX_E_COMMAND with the end of its stderr.
 */
export async function run(
  argv: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<string> {
  const [file, ...args] = argv;
  const { bareEnv = false, ...rest } = options;
  const result = await execa(file, args, {
    ...rest,
    extendEnv: !bareEnv,
    stdin: rest.input === undefined ? 'ignore' : 'pipe',
    reject: false,
    buffer: true,
    stripFinalNewline: true,
  });
  if (!result.failed) return String(result.stdout ?? '');
  const words = String(result.stderr || result.stdout || result.shortMessage);
  throw new SandboxError(
    'SANDBOX_E_COMMAND',
    `${argv.join(' ')} failed: ${words.split('\n').slice(-15).join('\n')}`,
    undefined,
    { cause: result.cause },
  );
}

/** Whether the program ended with 0. */
export async function succeeds(
  argv: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<boolean> {
  const [file, ...args] = argv;
  const result = await execa(file, args, {
    ...options,
    stdio: 'ignore',
    reject: false,
  });
  return !result.failed;
}
