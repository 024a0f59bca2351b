import { join } from 'node:path';
import { execa } from 'execa';
import { SandboxError } from '../error';
import { readSandbox } from '../up';
import type { Sandbox } from '../sandbox';

/**
 * As `npm run sandbox -- up` does it for people: its question, its steps with
 * their times, its errors, on this process's own terminal.
 * @param args options of `up`
 * @throws SandboxError SANDBOX_E_UP; the reason has been printed
 */
export async function upByCommand(
  args: readonly string[],
  cancelSignal?: AbortSignal,
): Promise<Sandbox | undefined> {
  const bootstrap = join(__dirname, '../../bootstrap.js');
  const argv = [bootstrap, 'e2e/sandbox/src/main.ts', 'up', ...args];
  const { failed } = await execa(process.execPath, argv, {
    stdio: 'inherit',
    reject: false,
    cancelSignal,
  });
  cancelSignal?.throwIfAborted();
  if (!failed) return readSandbox();
  throw new SandboxError(
    'SANDBOX_E_UP',
    'The sandbox did not come up; its reason stands above.',
  );
}
