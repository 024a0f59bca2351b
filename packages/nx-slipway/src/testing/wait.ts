import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Generous: machines that run tests are busy. Jest's own limit is longer. */
const DEADLINE_MS = 20_000;
const STEP_MS = 20;

/**
 * Waits until `look` gives something; throws when it never does.
 * @param limit milliseconds: longer for what takes a cluster its time
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false,
  limit = DEADLINE_MS,
): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`never seen: ${what}`);
    await sleep(STEP_MS);
  }
}

/** Whether a process runs. One that is dead and not yet reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    // proc(5): `pid (name) state ...`, where the name may hold brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    // Reaped since the question before.
    return true;
  }
}
