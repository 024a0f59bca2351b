import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Daemon } from '../daemons/daemon';
import { PAUSE, PAUSE_IMAGE } from '../images/base-images';
import { imageArchive } from '../images/base-images';
import type { Layout } from '../layout';
import { json, writeWhole } from '../system/files';
import { run, succeeds } from '../system/run';

const configOf = (layout: Layout) => join(layout.cluster, 'containerd.toml');

export const ctrOf =
  (layout: Layout) =>
  (...args: string[]): [string, ...string[]] => [
    'ctr',
    ...['--address', layout.containerdSocket, '--namespace', 'k8s.io'],
    ...args,
  ];

export function containerdDaemon(layout: Layout): Daemon {
  return {
    name: 'containerd',
    argv: ['/usr/bin/containerd', '--config', configOf(layout)],
    healthy: () => succeeds(ctrOf(layout)('version'), { timeout: 3000 }),
  };
}

/** Keys quoted as TOML wants them; every string of ours is a plain one. */
function containerdConfig(layout: Layout): string {
  const cni = join(layout.cluster, 'cni');
  return `version = 2
root = "${join(layout.cluster, 'containerd')}"
state = "${join(layout.run, 'containerd', 'state')}"
[grpc]
  address = "${layout.containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  # The machine may lack CAP_SYS_RESOURCE: runc could not lower a score then.
  restrict_oom_score_adj = true
  # So that all network namespaces of ours are under our own folder.
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${cni}"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${join(layout.cluster, 'certs.d')}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(layout.cluster, 'opt')}"
`;
}

/** The bridge of the pods, with its addresses kept in our own folder. */
function networkConfig(layout: Layout, pods: string) {
  return {
    cniVersion: '1.0.0',
    name: layout.links.pods,
    plugins: [
      {
        type: 'bridge',
        bridge: layout.links.pods,
        isGateway: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: pods }]],
          routes: [{ dst: '0.0.0.0/0' }],
          dataDir: join(layout.run, 'ipam'),
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}

/** How containerd reaches a registry; `server` is where it looks last. */
const hosts = (url: string) => `server = "${url}"
[host."${url}"]
  capabilities = ["pull", "resolve"]
`;

export interface ClusterRegistry {
  /** As this machine names it. */
  readonly host: string;
  /** As manifests in the cluster name it. */
  readonly hostFromCluster: string;
  /** Is it the sandbox's own? Then it mirrors Docker Hub, too. */
  readonly own: boolean;
}

/** The names under which containerd finds the registry, and its address. */
export function registryNames({ host, hostFromCluster, own }: ClusterRegistry) {
  const port = /:(\d+)$/.exec(host)?.[1];
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+)(:|$)/.test(host);
  const url = loopback ? `http://127.0.0.1:${port ?? 80}` : `https://${host}`;
  const names = new Set([host, hostFromCluster]);
  if (own) {
    names.add(`127.0.0.1:${port}`);
    // Docker Hub's names are had from here alone: a pod must start, or fail,
    // at once and alike on machines with and without a way out.
    names.add('docker.io');
  }
  return { url, names: [...names] };
}

export async function prepareContainerd(
  layout: Layout,
  pods: string,
  registry: ClusterRegistry,
): Promise<void> {
  const { url, names } = registryNames(registry);
  await mkdir(join(layout.run, 'containerd'), { recursive: true });
  await writeWhole(configOf(layout), containerdConfig(layout));
  await writeWhole(
    join(layout.cluster, 'cni', '10-sandbox.conflist'),
    json(networkConfig(layout, pods)),
  );
  for (const name of names) {
    const file = join(layout.cluster, 'certs.d', name, 'hosts.toml');
    await writeWhole(file, hosts(url));
  }
}

/** The image that every pod starts with. */
export async function importPause(layout: Layout): Promise<void> {
  const ctr = ctrOf(layout);
  const names = await run(ctr('images', 'ls', '-q'));
  if (names.split('\n').includes(PAUSE_IMAGE)) return;
  await run(ctr('images', 'import', await imageArchive(layout, PAUSE)));
}
