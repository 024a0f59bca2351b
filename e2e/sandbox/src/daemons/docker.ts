import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { networksOf, type Allocation } from '../allocation';
import type { Layout } from '../layout';
import { killCgroup } from '../system/cgroup';
import { ensureBridge } from '../system/links';
import { json, writeWhole } from '../system/files';
import { isOk } from '../system/http';
import type { Daemon } from './daemon';
import { cgroupOf } from './supervise';

const configOf = (layout: Layout) => join(layout.data, 'dockerd.json');

/**
 * A Docker that shares nothing with another on the machine: own socket, data,
 * state, bridge and cgroups, and no iptables rule, so that none is left behind
 * and FORWARD stays open for the pods.
 */
export function dockerDaemon(layout: Layout): Daemon {
  return {
    name: 'dockerd',
    // No pid file: one left by a kill stops the next start once its pid is
    // somebody else's.
    argv: [
      '/usr/sbin/dockerd',
      '--config-file',
      configOf(layout),
      '--pidfile=',
    ],
    beforeStart: () => clearAfterKill(layout),
    healthy: () =>
      isOk('http://docker/_ping', { socketPath: layout.dockerSocket }),
    grace: 15_000,
  };
}

/**
 * Ends the containerd, shims and containers of a dockerd that was killed: it
 * would end the containers itself, but it takes the pid in containerd's pid
 * file for containerd, whoever has that pid by now, and kills it.
 */
async function clearAfterKill(layout: Layout): Promise<void> {
  await killCgroup(cgroupOf(layout, 'dockerd'));
  await killCgroup(`${layout.cgroup}/containers`);
  const pid = join(layout.run, 'docker/containerd/containerd.pid');
  await rm(pid, { force: true });
}

export async function prepareDocker(
  layout: Layout,
  allocation: Allocation,
  mirror: string | undefined,
): Promise<void> {
  const networks = networksOf(allocation.octet);
  await writeWhole(
    configOf(layout),
    json({
      hosts: [`unix://${layout.dockerSocket}`],
      'data-root': join(layout.data, 'docker'),
      'exec-root': join(layout.run, 'docker'),
      bridge: layout.links.docker,
      'default-address-pools': [{ base: networks.dockerPool, size: 24 }],
      iptables: false,
      ip6tables: false,
      'ip-masq': false,
      'ip-forward': false,
      // Where `docker run -p 80:80` listens unless told: not on the network.
      ip: '127.0.0.1',
      'cgroup-parent': `${layout.cgroup}/containers`,
      'exec-opts': ['native.cgroupdriver=cgroupfs'],
      'storage-driver': 'overlay2',
      'shutdown-timeout': 2,
      'registry-mirrors': mirror === undefined ? [] : [`http://${mirror}`],
    }),
  );
  await ensureBridge(layout.links.docker, networks.dockerBridge);
}
