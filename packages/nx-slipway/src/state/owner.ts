import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ifTold } from './if-told';

/**
 * Who owns a claim. Every part is a plain word, so that the whole can be part
 * of a file name: a name appears at once and whole, a file's bytes do not.
 */
export interface Owner {
  readonly pid: number;
  /** When the process began, in clock ticks since boot, as proc(5) has it. */
  readonly start: string;
  /** The pid namespace that `pid` counts in. */
  readonly space: string;
  readonly boot: string;
  readonly host: string;
}

/** What a system that is not Linux does not tell. */
const UNKNOWN = '0';
const OWNER = /^([1-9]\d{0,8})-(\d+)-(\d+)-([0-9a-f]+)-([0-9a-f]+)$/;

/** Who this process is, it stays; each lock asks. */
let here: Promise<Owner> | undefined;

/** The owner that this process is. */
export function thisOwner(): Promise<Owner> {
  return (here ??= readOwner());
}

async function readOwner(): Promise<Owner> {
  const [self, space, boot, machine] = await Promise.all([
    statOf('self'),
    ifTold(readlink('/proc/self/ns/pid')),
    ifTold(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    ifTold(readFile('/etc/machine-id', 'utf8')),
  ]);
  // Otherwise /proc shows another pid namespace than the one we run in.
  const isOurs = self?.pid === process.pid;
  return {
    pid: process.pid,
    start: isOurs ? self.start : UNKNOWN,
    space: /\d+/.exec(space ?? '')?.[0] ?? UNKNOWN,
    boot: boot?.replace(/[^0-9a-f]/g, '').slice(0, 12) || UNKNOWN,
    // Two machines may share a name; two systems on one do (Windows and WSL).
    host: createHash('sha256')
      .update(JSON.stringify([process.platform, hostname(), machine ?? '']))
      .digest('hex')
      .slice(0, 12),
  };
}

/**
 * A process of this machine, so that it can be found again, and no other that
 * got its number later.
 * @param pid of a process that runs
 */
export async function identityOf(pid: number): Promise<string> {
  const here = await thisOwner();
  const stat = here.start === UNKNOWN ? undefined : await statOf(pid);
  return formatOwner({ ...here, pid, start: stat?.start ?? UNKNOWN });
}

/**
 * @param identity of `identityOf`; untrusted
 * @returns the pid, if that very process still runs for certain
 */
export async function pidIfRunning(
  identity: string,
): Promise<number | undefined> {
  const owner = parseOwner(identity);
  if (!owner || owner.start === UNKNOWN) return undefined;
  const fate = await fateOf(owner, await thisOwner());
  return fate === 'alive' ? owner.pid : undefined;
}

/**
 * @param identity of `identityOf`; untrusted
 * @returns whether that process of this machine runs no more, for certain
 */
export async function hasEnded(identity: string): Promise<boolean> {
  const owner = parseOwner(identity);
  return (
    owner !== undefined && (await fateOf(owner, await thisOwner())) === 'dead'
  );
}

export function formatOwner({ pid, start, space, boot, host }: Owner): string {
  return [pid, start, space, boot, host].join('-');
}

/** @returns undefined if we would not have written it */
export function parseOwner(text: string): Owner | undefined {
  const [, pid, start, space, boot, host] = OWNER.exec(text) ?? [];
  return pid && start && space && boot && host
    ? { pid: Number(pid), start, space, boot, host }
    : undefined;
}

/**
 * Whether an owner still runs, as far as it can be told from `here`: of
 * another machine, and of another container on this one, it cannot.
 */
export async function fateOf(
  owner: Owner,
  here: Owner,
): Promise<'alive' | 'dead' | 'unknown'> {
  if (owner.host !== here.host) return 'unknown';
  if (owner.boot !== here.boot) {
    const known = owner.boot !== UNKNOWN && here.boot !== UNKNOWN;
    return known ? 'dead' : 'unknown';
  }
  if (owner.space !== here.space) return 'unknown';
  const stat = here.start === UNKNOWN ? undefined : await statOf(owner.pid);
  if (!stat) return isThere(owner.pid) ? 'alive' : 'dead';
  // A zombie runs no more, though a container without an init may never reap
  // it; another start time is another process with the same pid.
  const isAnother = owner.start !== UNKNOWN && owner.start !== stat.start;
  return /^[ZX]$/.test(stat.state) || isAnother ? 'dead' : 'alive';
}

/** Asked by a signal, which works where /proc is hidden or does not exist. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    // Somebody else's.
    if (code === 'EPERM') return true;
    throw error;
  }
}

/** @returns undefined where there is no such process, or no /proc to ask */
async function statOf(pid: number | 'self') {
  const stat = await ifTold(readFile(`/proc/${pid}/stat`, 'utf8'));
  // proc(5): `pid (name) state ppid ...`, where the name may hold brackets.
  const end = stat?.lastIndexOf(')') ?? -1;
  if (!stat || end < 0) return undefined;
  // From the third field on; the start time is the 22nd.
  const fields = stat.slice(end + 2).split(' ');
  return {
    pid: Number.parseInt(stat, 10),
    state: fields[0] ?? '',
    start: fields[19] ?? UNKNOWN,
  };
}
