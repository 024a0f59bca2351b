import { readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock } from '../bootstrap';
import { networksOf, readAllocation } from './allocation';
import { removeRules } from './cluster/iptables';
import { CLUSTER_DAEMONS, type DaemonName } from './daemons/daemon';
import { cgroupOf } from './daemons/supervise';
import { isErrno } from './error';
import { isRoot, layoutHere } from './here';
import type { Layout } from './layout';
import { readSettings, removeSettings } from './settings';
import {
  childCgroups,
  killCgroup,
  processesIn,
  removeCgroup,
} from './system/cgroup';
import { removeTree } from './system/files';
import { removeLinks } from './system/links';
import { unmountAllUnder } from './system/mounts';
import { stopProcess } from './system/process';

/** Milliseconds. */
const CONTAINERS_GRACE = 1500;

export const sandboxLock = (layout: Layout) => `sandbox ${layout.id}`;

/** Asks the first program of each cgroup to end, and waits for it. */
async function stop(
  layout: Layout,
  grace: number,
  ...names: readonly DaemonName[]
): Promise<void> {
  const all = names.map(async (name) => {
    // The daemon itself was there before its children.
    const [first] = (await processesIn(cgroupOf(layout, name))).sort(
      (a, b) => Number(a.start) - Number(b.start) || a.pid - b.pid,
    );
    if (first !== undefined) await stopProcess(first, grace);
  });
  await Promise.all(all);
}

/** A container that ignores TERM holds up dockerd for ten seconds. */
async function stopDocker(layout: Layout): Promise<void> {
  const docker = stop(layout, 10_000, 'dockerd');
  await Promise.race([
    docker,
    sleep(CONTAINERS_GRACE, undefined, { ref: false }),
  ]);
  // dockerd is ending and starts none of them again.
  await killCgroup(`${layout.cgroup}/containers`);
  await docker;
}

async function stopCluster(layout: Layout): Promise<void> {
  await stop(layout, 2000, 'kubelet', 'kube-proxy', 'controller-manager');
  await killCgroup(`${layout.cgroup}/pods`);
  await stop(layout, 2000, 'scheduler', 'apiserver', 'containerd');
  await stop(layout, 2000, 'etcd');
}

/**
 * Ends every process of the sandbox: those that would start others first, and
 * at last whatever is in its cgroups, recorded anywhere or not.
 */
export async function stopEverything(layout: Layout): Promise<void> {
  await Promise.all([
    stopDocker(layout),
    stopCluster(layout),
    stop(layout, 2000, 'registry'),
  ]);
  await killCgroup(layout.cgroup);
}

/** The bridges of our own, those Docker made for a user, and their ports. */
async function sweepLinks(layout: Layout): Promise<void> {
  const allocation = await readAllocation(layout);
  const names = new Set<string>(Object.values(layout.links));
  const pool = allocation && networksOf(allocation.octet).dockerPool;
  // 10.x.64.0/18: the third number is from 64 to 127.
  const [a, b] = (pool ?? '').split('.');
  const inPool = (address: string) => {
    const [first, second, third] = address.split('.');
    const number = Number(third);
    return first === a && second === b && number >= 64 && number < 128;
  };
  await removeLinks((link, all) => {
    const bridge = all.find(({ ifname }) => ifname === link.master) ?? link;
    const made =
      /^br-[0-9a-f]{12}$/.test(bridge.ifname) &&
      bridge.addr_info.some(({ local }) => local && inPool(local));
    return names.has(bridge.ifname) || made;
  });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
}

/** What libcni and kubelet write where no option of theirs reaches. */
async function sweepNotes(layout: Layout): Promise<void> {
  const networks = '/var/lib/cni/results';
  for (const name of await namesIn(networks)) {
    if (name.startsWith(`${layout.links.pods}-`))
      await rm(join(networks, name));
  }
  const logs = '/var/log/containers';
  for (const name of await namesIn(logs)) {
    const target = await readlink(join(logs, name));
    if (target.startsWith(`${layout.data}/`)) await rm(join(logs, name));
  }
}

/** Takes away what processes leave behind; none of ours may run. */
export async function sweep(layout: Layout): Promise<void> {
  const cgroups = await childCgroups(layout.cgroup);
  const hadCluster = CLUSTER_DAEMONS.some((name) => cgroups.includes(name));
  await unmountAllUnder(layout.run);
  await unmountAllUnder(layout.data);
  await sweepLinks(layout);
  if (hadCluster) await removeRules();
  await sweepNotes(layout);
  await removeTree(layout.run);
  // Last: it tells that the above is still to be done.
  await removeCgroup(layout.cgroup);
}

async function restoreForwarding(before: string | undefined): Promise<void> {
  if (before?.trim() !== '0') return;
  await writeFile('/proc/sys/net/ipv4/ip_forward', '0\n');
}

export interface DownOptions {
  readonly name?: string;
  /** Forget images, the registry's content and the ports, too. */
  readonly purge?: boolean;
}

/**
 * Ends the sandbox, in whatever state it is. The cluster is gone afterwards;
 * Docker's images, the registry's content and the ports are kept.
 */
export async function downWith(options: DownOptions): Promise<void> {
  const layout = layoutHere(options.name);
  const release = await acquireLock(sandboxLock(layout));
  try {
    const settings = await readSettings(layout);
    if (isRoot()) {
      await stopEverything(layout);
      await sweep(layout);
      if (settings?.cluster) await restoreForwarding(settings.ipForward);
    }
    await removeTree(layout.cluster);
    await removeSettings(layout);
    if (options.purge) await removeTree(layout.data);
  } finally {
    await release();
  }
}
