import { readText } from './files';
import { waitUntil } from './wait';
import { isErrno } from '../error';

export interface Process {
  readonly pid: number;
  /** Clock ticks from boot to its start: with the pid, one process for ever. */
  readonly start: string;
  readonly argv: readonly string[];
}

/** Undefined for a process that has ended, a zombie included. */
export async function readProcess(pid: number): Promise<Process | undefined> {
  const [stat, cmdline] = await Promise.all([
    readText(`/proc/${pid}/stat`),
    readText(`/proc/${pid}/cmdline`),
  ]);
  if (stat === undefined || cmdline === undefined) return undefined;
  // The command, in brackets, may hold anything: count from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || start === undefined) return undefined;
  return { pid, start, argv: cmdline.split('\0').slice(0, -1) };
}

export async function isRunning(process: Process): Promise<boolean> {
  return (await readProcess(process.pid))?.start === process.start;
}

/** Signals that very process, never another that has its pid by now. */
async function signal(target: Process, name: NodeJS.Signals) {
  if (!(await isRunning(target))) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}

/** TERM, then KILL after `grace` milliseconds; returns when it is gone. */
export async function stopProcess(target: Process, grace: number) {
  const gone = async () => !(await isRunning(target));
  await signal(target, 'SIGTERM');
  if (await waitUntil(gone, grace)) return;
  await signal(target, 'SIGKILL');
  await waitUntil(gone, 5000);
}

export async function killProcess(target: Process) {
  await signal(target, 'SIGKILL');
}
