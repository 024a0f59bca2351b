import type { Allocation } from '../allocation';
import { clusterDaemons } from '../cluster/up';
import type { Layout } from '../layout';
import { isOwnDocker, isOwnRegistry } from '../options';
import type { Settings } from '../settings';
import type { Daemon } from './daemon';
import { dockerDaemon } from './docker';
import { registryDaemon } from './registry';
import { findDaemon } from './supervise';

/** The daemons that such a sandbox consists of. */
export async function daemonsOf(
  layout: Layout,
  allocation: Allocation,
  settings: Settings,
): Promise<Daemon[]> {
  return [
    ...(isOwnDocker(settings) ? [dockerDaemon(layout)] : []),
    ...(isOwnRegistry(settings) ? [registryDaemon(layout, allocation)] : []),
    ...(settings.cluster ? await clusterDaemons(layout, allocation) : []),
  ];
}

/** Is each of them there? Asks /proc only, so that it takes milliseconds. */
export async function allRunning(
  layout: Layout,
  daemons: readonly Daemon[],
): Promise<boolean> {
  const found = await Promise.all(
    daemons.map((daemon) => findDaemon(layout, daemon)),
  );
  return !found.includes(undefined);
}

/** Does each of them answer? */
export async function allHealthy(daemons: readonly Daemon[]): Promise<boolean> {
  const answers = daemons.map((daemon) => daemon.healthy());
  return !(await Promise.all(answers)).includes(false);
}
