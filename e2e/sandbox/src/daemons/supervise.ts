import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { SandboxError } from '../error';
import type { Layout } from '../layout';
import { makeTracked, processesIn } from '../system/cgroup';
import { readText } from '../system/files';
import { type Process, stopProcess } from '../system/process';
import { waitUntil } from '../system/wait';
import type { Daemon, DaemonName } from './daemon';

/** A process that answers later than this is taken to hang. */
const ANSWERS_WITHIN = 5000;

export const cgroupOf = (layout: Layout, name: DaemonName) =>
  `${layout.cgroup}/${name}`;

/**
 * A daemon is found by its place, a cgroup of its own that the sandbox made,
 * and its program there. So there is no pid file to be torn, lost by a kill in
 * the wrong moment, or to name a stranger that was given the pid since.
 */
async function instances(layout: Layout, daemon: Daemon): Promise<Process[]> {
  const processes = await processesIn(cgroupOf(layout, daemon.name));
  return processes.filter((process) => process.argv[0] === daemon.argv[0]);
}

const isCurrent = (daemon: Daemon) => (process: Process) =>
  process.argv.length === daemon.argv.length &&
  process.argv.every((word, i) => word === daemon.argv[i]);

/** The process of exactly this daemon, options included. */
export async function findDaemon(
  layout: Layout,
  daemon: Daemon,
): Promise<Process | undefined> {
  return (await instances(layout, daemon)).find(isCurrent(daemon));
}

const logOf = (layout: Layout, name: DaemonName) =>
  join(layout.logs, `${name}.log`);

/** Starts it outside the caller's session; its own children stay its. */
async function start(layout: Layout, daemon: Daemon): Promise<void> {
  const folder = await makeTracked(cgroupOf(layout, daemon.name));
  await mkdir(layout.logs, { recursive: true });
  const log = await open(logOf(layout, daemon.name), 'w');
  try {
    // The shell enters the cgroup before it becomes the daemon: there is no
    // moment at which the daemon runs where it would not be found.
    const child = spawn(
      '/bin/sh',
      [
        '-c',
        'echo $$ > "$0/cgroup.procs" && exec "$@"',
        folder,
        ...daemon.argv,
      ],
      {
        cwd: '/',
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        // Nothing of the caller's: ETCD_*, proxies and DOCKER_* would be read.
        env: {
          HOME: '/root',
          PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        },
      },
    );
    child.unref();
  } finally {
    await log.close();
  }
}

async function startFailed(layout: Layout, daemon: Daemon) {
  const file = logOf(layout, daemon.name);
  const tail = ((await readText(file)) ?? '').trimEnd().split('\n').slice(-12);
  return new SandboxError(
    'SANDBOX_E_DAEMON',
    `${daemon.name} did not come up; the end of ${file}:\n${tail.join('\n')}`,
  );
}

/** Running with these very options and answering, started if need be. */
export async function ensureDaemon(
  layout: Layout,
  daemon: Daemon,
): Promise<void> {
  const running = await instances(layout, daemon);
  const current = running.find(isCurrent(daemon));
  if (current && (await waitUntil(daemon.healthy, ANSWERS_WITHIN))) return;
  await Promise.all(
    running.map((process) => stopProcess(process, daemon.grace ?? 5000)),
  );
  await daemon.beforeStart?.();
  await start(layout, daemon);
  const end = Date.now() + (daemon.startWithin ?? 30_000);
  const early = Date.now() + 1000;
  while (Date.now() < end) {
    if (await waitUntil(daemon.healthy, 200)) return;
    const alive = (await findDaemon(layout, daemon)) !== undefined;
    if (!alive && Date.now() > early) break;
  }
  throw await startFailed(layout, daemon);
}
