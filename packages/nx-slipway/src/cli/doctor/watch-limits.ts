import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, skip, warn, type Finding } from './finding';

/**
 * What editors and watchers of a large workspace need together; the first two
 * are what Tilt and kind advise, the third is the kernel's own default, below
 * which bursts are lost.
 */
const WANTED = {
  max_user_watches: 524_288,
  max_user_instances: 512,
  max_queued_events: 16_384,
};

/** @param folder of the kernel's limits, /proc/sys/fs/inotify on Linux */
export async function checkWatchLimits(folder: string): Promise<Finding> {
  const limits = await Promise.all(
    Object.entries(WANTED).map(async ([name, wanted]) => ({
      name,
      wanted,
      is: await read(join(folder, name)),
    })),
  );
  const known = limits.filter(({ is }) => is !== undefined);
  if (known.length === 0) return skip('only Linux has such limits');
  const detail = known.map(({ name, is }) => `${name} ${is}`).join(', ');
  const low = known.filter(({ is, wanted }) => (is ?? 0) < wanted);
  if (low.length === 0) return ok(detail);
  const words = low.map(({ name, wanted }) => `fs.inotify.${name}=${wanted}`);
  return warn(
    detail,
    `sudo sysctl -w ${words.join(' ')} (in /etc/sysctl.d it outlives a restart)`,
  );
}

async function read(path: string): Promise<number | undefined> {
  try {
    return Number(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
