import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { processIds } from './process-ids';

/** Milliseconds between asking a process group to end and killing it. */
export const GRACE_MS = 3000;
/** How long the kernel may take over a kill. With the grace, below Nx's 5 s. */
export const KILL_MS = 1000;
export const LOOK_MS = 20;

/**
 * Ends every process of a group, which `onStart` of a command told: asks them
 * to (SIGTERM), and kills after 3 s, or at once when `kill` is aborted. A group
 * that is gone is fine. On Windows, where there are no groups, the tree of that
 * process is killed.
 * @returns after 4 s at the latest. Whether nobody is left: another user's
 *   process (sudo) cannot be ended
 * @throws RangeError if it is no number of a command's group: 0 and 1 would
 *   reach ourselves and everybody
 */
export async function endGroup(
  group: number,
  kill?: AbortSignal,
): Promise<boolean> {
  if (!Number.isSafeInteger(group) || group <= 1) {
    throw new RangeError(`${group} is no process group of a command.`);
  }
  if (process.platform === 'win32') return killTree(group);
  if (!kill?.aborted) {
    if (!signalGroup(group, 'SIGTERM')) return true;
    if (await isGone(group, GRACE_MS, kill)) return true;
  }
  signalGroup(group, 'SIGKILL');
  return isGone(group, KILL_MS);
}

async function killTree(pid: number): Promise<boolean> {
  const { exitCode } = await execa(
    'taskkill',
    ['/pid', String(pid), '/t', '/f'],
    { reject: false, timeout: KILL_MS + GRACE_MS },
  );
  const NOT_FOUND = 128;
  return exitCode === 0 || exitCode === NOT_FOUND;
}

async function isGone(
  group: number,
  ms: number,
  enough?: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (signalGroup(group, 0) && !isAllZombies(group)) {
    if (enough?.aborted || performance.now() > deadline) return false;
    await sleep(LOOK_MS);
  }
  return true;
}

/** @returns false if there is no such group */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    // EPERM: others' processes; on macOS also the dead that nobody reaped.
    if (code !== 'EPERM') throw error;
  }
  return true;
}

/**
 * The dead stay in their group until their parent looks at them, which the
 * first process of a container often never does.
 */
function isAllZombies(group: number): boolean {
  if (!existsSync('/proc/self/stat')) return false;
  return processIds()
    .map(statOf)
    .every(({ state, group: its }) => its !== group || /^[ZX]$/.test(state));
}

function statOf(pid: string): { state: string; group?: number } {
  try {
    // proc(5): `pid (name) state parent group ...`; a name may hold brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', group: Number(fields[2]) };
  } catch {
    // It ended since it was listed.
    return { state: 'X' };
  }
}
