import { readFileSync } from 'node:fs';
import { unlessRefused } from './system-error';

const FOLDER = '/proc/sys/fs/inotify';
/** The kernel's own, where there is no telling. */
const QUEUED_EVENTS = 16_384;
/** What editors and watchers of a large workspace need together. */
const WANTED = { max_user_watches: 524_288, max_user_instances: 512 };

/** How many events the system keeps for who does not read them. */
export function queueLimit(): number {
  return limit('max_queued_events') ?? QUEUED_EVENTS;
}

/** What to tell the user when the system has nothing left to watch by. */
export function atLimitWarning(code: string, everyMs: number): string {
  const name = code === 'ENOSPC' ? 'max_user_watches' : 'max_user_instances';
  const is = limit(name);
  const value = Math.max(WANTED[name], 2 * (is ?? 0));
  return [
    `The system lets nobody watch more folders (${code}): fs.inotify.${name} is ${is ?? 'unknown'}, and others use it, too.`,
    `What is left is looked at every ${everyMs} ms instead, which is slow and takes CPU.`,
    `To raise it: sudo sysctl -w fs.inotify.${name}=${value} (in /etc/sysctl.d it outlives a restart).`,
  ].join(' ');
}

function limit(name: string): number | undefined {
  const text = unlessRefused(() => readFileSync(`${FOLDER}/${name}`, 'utf8'));
  return text === undefined ? undefined : Number(text);
}
