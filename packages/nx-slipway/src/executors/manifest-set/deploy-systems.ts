import { hostname, userInfo } from 'node:os';
import type { ExecutorContext } from '@nx/devkit';
import type { Cluster } from '../../cluster';
import type { DeploySystems } from '../../deploy';
import { identityOf } from '../../state';

/** What a set is deployed, or taken down, with. */
export async function deploySystems(
  cluster: Cluster,
  context: ExecutorContext,
  { reporter, signal }: Pick<DeploySystems, 'reporter' | 'signal'>,
): Promise<DeploySystems> {
  return {
    cluster,
    reporter,
    signal,
    now: () => performance.now(),
    holder: await holderOf(context),
  };
}

/** Who holds a set, for people and for a later run on this machine. */
async function holderOf(context: ExecutorContext): Promise<string> {
  const { projectName = '', targetName = '' } = context;
  const who = `${userName()}@${hostname()}`;
  const identity = await identityOf(process.pid);
  return `${who} pid ${process.pid} ${projectName}:${targetName} ${identity}`;
}

/** A uid of a container has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
