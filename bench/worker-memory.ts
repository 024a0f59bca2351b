import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestWorkspace } from '../e2e/nx-slipway-e2e/src/support/workspace';

const PLUGIN = 'nx-slipway';
/** How often the daemon's children are looked at: one may soon be gone. */
const EVERY_MS = 20;
/** How long a worker may go on after the command that needed it. */
const AFTER_MS = 2_000;

/**
 * The most memory that a worker of the plugin has had in RAM while the daemon
 * did some work; from /proc, so on Linux only.
 * @returns bytes
 * @throws if no worker was seen
 */
export async function peakWorkerMemory(
  { root }: TestWorkspace,
  work: () => Promise<unknown>,
): Promise<number> {
  let isOver = false;
  const watched = watch(root, () => isOver);
  try {
    await work();
    await delay(AFTER_MS);
  } finally {
    isOver = true;
  }
  const peak = await watched;
  if (peak === 0) throw new Error(`no worker of ${PLUGIN} was seen`);
  return peak;
}

async function watch(root: string, isOver: () => boolean): Promise<number> {
  let peak = 0;
  while (!isOver()) {
    const daemon = await daemonOf(root);
    if (daemon !== undefined) {
      for (const pid of await workersOf(daemon)) {
        peak = Math.max(peak, await highWaterOf(pid));
      }
    }
    await delay(EVERY_MS);
  }
  return peak;
}

/** The daemon writes down who it is, as soon as it listens. */
async function daemonOf(root: string): Promise<number | undefined> {
  const file = join(root, '.nx/workspace-data/d/server-process.json');
  const text = await readOrNothing(file);
  const pid = /"processId":\s*(\d+)/.exec(text)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** Its children that Nx has started with the plugin's name among their arguments. */
async function workersOf(daemon: number): Promise<number[]> {
  const tasks = `/proc/${daemon}/task`;
  const threads = await readdir(tasks).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readOrNothing(join(tasks, thread, 'children'))),
  );
  const children = lists.flatMap((list) => list.split(' ').filter(Boolean));
  const workers = await Promise.all(
    children.map(async (pid) => {
      const args = await readOrNothing(`/proc/${pid}/cmdline`);
      return args.split('\0').includes(PLUGIN) ? [Number(pid)] : [];
    }),
  );
  return workers.flat();
}

async function highWaterOf(pid: number): Promise<number> {
  const status = await readOrNothing(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** A process may end while it is looked at; then there is nothing to read. */
function readOrNothing(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
