import { randomBytes } from 'node:crypto';
import { down, ensureSandbox } from '@nx-slipway/sandbox';
import { execa } from 'execa';
import type { Cluster } from '../packages/nx-slipway/src/cluster';
import { openSandboxCluster } from '../e2e/nx-slipway-e2e/src/support/open-cluster';
import type { TestWorkspace } from '../e2e/nx-slipway-e2e/src/support/workspace';
import { pluginWorkspace } from './plugin-workspace';
import { removeImages } from './systems';

/**
 * A Docker and a registry of its own: the builder without BuildKit looks at all
 * images that stand on the same base, of which tests leave thousands.
 */
const DOCKER = 'bench';

/** A workspace with the plugin, and where what it has goes. */
export interface Place {
  readonly workspace: TestWorkspace;
  readonly cluster: Cluster;
  readonly namespace: string;
  /** `localhost:PORT`, for the cluster, too. */
  readonly registry: string;
  readonly env: Readonly<Record<string, string>>;
  /** In the workspace, with the sandbox's Docker. @returns standard output */
  readonly shell: (command: string) => Promise<string>;
  close(): Promise<void>;
}

/** @param name of the bench: its images and its namespace begin with it */
export async function openPlace(name: string): Promise<Place> {
  const workspace = await pluginWorkspace();
  const own = await ensureSandbox({ name: DOCKER, cluster: false });
  const env = { DOCKER_HOST: own.dockerHost };
  const registry = own.registry.host;
  const namespace = `${name}-${randomBytes(3).toString('hex')}`;
  const shell = async (command: string) => {
    const { root: cwd } = workspace;
    const all = { cwd, env: workspace.env(env) };
    return (await execa('sh', ['-c', command], all)).stdout;
  };
  await shell(`kubectl create namespace ${namespace}`);
  await workspace.usePlugin({
    registry: { host: registry, hostFromCluster: registry },
    workspaceId: name,
  });
  const cluster = await openSandboxCluster(workspace.sandbox);
  return {
    ...{ workspace, cluster, namespace, registry, env, shell },
    async close() {
      await shell(`kubectl delete namespace ${namespace} --wait=false`);
      await shell(removeImages(name));
      await workspace.remove();
      await down(DOCKER);
    },
  };
}

/** Of one container, `main`. JSON is YAML, too. */
export function deployment(
  name: string,
  image: string,
  replicas: number,
): string {
  const labels = { app: name };
  const containers = [{ name: 'main', image }];
  const spec = { terminationGracePeriodSeconds: 0, containers };
  return `${JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
    },
  })}\n`;
}
