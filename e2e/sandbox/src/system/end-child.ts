import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Kills it, unless it has ended, and resolves when it has. */
export async function endChild(child: ChildProcess): Promise<void> {
  // A process that was killed has no exit code.
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
