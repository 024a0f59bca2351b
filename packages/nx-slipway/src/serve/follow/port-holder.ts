import { readdir, readFile, readlink } from 'node:fs/promises';

const LISTENING = '0A';
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/**
 * Who listens at a port of this machine: `node (pid 123)`.
 * @returns undefined where nobody can tell: not on Linux, or another user's
 */
export async function holderOf(port: number): Promise<string | undefined> {
  const inodes = new Set(
    (await Promise.all(TABLES.map((table) => listenersIn(table, port)))).flat(),
  );
  if (inodes.size === 0) return undefined;
  for (const pid of await namesIn('/proc')) {
    if (!/^\d+$/.test(pid) || !(await holds(pid, inodes))) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    return `${name.trim()} (pid ${pid})`.trim();
  }
  return undefined;
}

/** proc(5): `sl local_address rem_address st ... uid timeout inode`. */
async function listenersIn(table: string, port: number): Promise<string[]> {
  const text = await readFile(table, 'utf8').catch(() => '');
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local, , state]) => local?.endsWith(suffix) && state === LISTENING,
    )
    .flatMap((fields) => fields[9] ?? []);
}

async function holds(pid: string, inodes: ReadonlySet<string>) {
  for (const fd of await namesIn(`/proc/${pid}/fd`)) {
    const to = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
    const [, inode] = /^socket:\[(\d+)\]$/.exec(to) ?? [];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

/** Of what is not there, or not ours to see, there are none. */
function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
