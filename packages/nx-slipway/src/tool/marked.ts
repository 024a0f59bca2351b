import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { KILL_MS, LOOK_MS } from './group';
import { processIds } from './process-ids';

/**
 * Kills what has a variable in its environment, in whatever process group it is:
 * what a program has started in groups of its own, and left behind. Only Linux
 * tells; elsewhere nobody is found.
 * @param mark `NAME=VALUE`, of a value that nobody else has
 * @returns when nobody is left, after a second at the latest
 */
export async function endMarked(mark: string): Promise<void> {
  const deadline = performance.now() + KILL_MS;
  for (;;) {
    const pids = markedBy(mark);
    if (pids.length === 0 || performance.now() > deadline) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended since it was listed.
      }
    }
    await sleep(LOOK_MS);
  }
}

function markedBy(mark: string): number[] {
  return processIds()
    .filter((pid) => environmentOf(pid).includes(mark))
    .map(Number);
}

/** @returns nothing of the dead, and of others' processes */
function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
