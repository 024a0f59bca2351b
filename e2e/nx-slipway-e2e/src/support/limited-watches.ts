import { spawnSync } from 'node:child_process';
import { replaceNx } from './replace-nx';
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
export function limitWatches(
  workspace: TestWorkspace,
  count: number,
): Promise<void> {
  const inside = `echo ${count} > ${LIMIT} && exec "$@"`;
  return replaceNx(
    workspace,
    (nx) => `exec ${NAMESPACE} sh -c '${inside}' sh ${nx} "$@"`,
  );
}
