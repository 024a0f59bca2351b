import { spawnSync } from 'node:child_process';
import { chmod, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { TestWorkspace } from './workspace';

/** In a namespace of users, whose limits are its own (inotify(7)). */
const NAMESPACE = 'unshare --user --map-root-user';
const LIMIT = '/proc/sys/user/max_inotify_watches';

/** Whether users may have namespaces of their own here. */
export function canLimitWatches(): boolean {
  const script = `${NAMESPACE} sh -c 'echo 10 > ${LIMIT}'`;
  return spawnSync('sh', ['-c', script]).status === 0;
}

/** From now on whatever `nx` starts has so many watches together. */
export async function limitWatches(
  { root }: TestWorkspace,
  count: number,
): Promise<void> {
  const nx = join(root, 'node_modules/.bin/nx');
  const program = resolve(dirname(nx), await readlink(nx));
  await rm(nx);
  const inside = `echo ${count} > ${LIMIT} && exec "$@"`;
  await writeFile(
    nx,
    `#!/bin/sh\nexec ${NAMESPACE} sh -c '${inside}' sh '${program}' "$@"\n`,
  );
  await chmod(nx, 0o755);
}
