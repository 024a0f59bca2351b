import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SandboxError } from './error';

export const DEFAULT_NAME = 'default';

/** Where everything of one sandbox lives. Pure: nothing is created. */
export interface Layout {
  readonly name: string;
  /** Names the sandbox machine-wide: two users' `default` are two. */
  readonly id: string;
  /** Data that outlives `down`: images, the registry, chosen ports, logs. */
  readonly data: string;
  /** Sockets and what dies with the machine; short, for sun_path's 108 bytes. */
  readonly run: string;
  /** What the cluster keeps; `down` empties it. */
  readonly cluster: string;
  readonly logs: string;
  /** Programs built once, shared by all sandboxes, by name and version. */
  readonly tools: string;
  /** Relative to each cgroup hierarchy's mount. */
  readonly cgroup: string;
  readonly dockerSocket: string;
  readonly containerdSocket: string;
  readonly kubeconfig: string;
  /** At most 15 bytes each (IFNAMSIZ). */
  readonly links: { readonly [L in LinkName]: string };
}

export type LinkName = 'docker' | 'pods' | 'node';

/** `base` is nx-slipway's folder in the user's cache. */
export function layoutOf(name: string, base: string): Layout {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) {
    throw new SandboxError(
      'SANDBOX_E_NAME',
      `"${name}" is not a sandbox name.`,
      'Use 1 to 20 of a-z, 0-9 and "-", a letter first.',
    );
  }
  const data = join(base, 'sandbox', name);
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 6);
  const id = `${name}-${hash}`;
  const run = join('/run/nx-slipway', id);
  const cluster = join(data, 'cluster');
  return {
    name,
    id,
    data,
    run,
    cluster,
    logs: join(data, 'logs'),
    tools: join(base, 'tools'),
    cgroup: `/nx-slipway/${id}`,
    dockerSocket: join(run, 'docker.sock'),
    containerdSocket: join(run, 'containerd', 'containerd.sock'),
    kubeconfig: join(cluster, 'kubeconfig'),
    links: {
      docker: `nxs${hash}d`,
      pods: `nxs${hash}p`,
      node: `nxs${hash}n`,
    },
  };
}

/** nx-slipway's folder in the user's cache, outside any repository. */
export function cacheFolder(env: NodeJS.ProcessEnv, home: string): string {
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'nx-slipway');
}
