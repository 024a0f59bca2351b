import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSandbox, sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import { execa } from 'execa';
import { openSandboxCluster } from '../e2e/nx-slipway-e2e/src/support/open-cluster';
import { deploySet, type DeploySet } from '../packages/nx-slipway/src/deploy';
import { DEPLOY_OPTIONS } from '../packages/nx-slipway/src/deploy/testing/options';
import { readManifests } from '../packages/nx-slipway/src/manifest';
import { pluginWorkspace } from './plugin-workspace';
import { alternate, table, timed } from './table';

const ROUNDS = 9;
const CONFIG_MAPS = 60;
const SERVICES = 20;
const DEPLOYMENTS = 20;
const NAMESPACES = { kubectl: 'bench-kubectl', ours: 'bench-ours' };
/** Each starts a Node, an Nx and a project graph: seconds, of which few are ours. */
const NX_ROUNDS = 3;

/** The sandbox, and a kubectl that talks to it. */
interface Place {
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly kubectl: (...args: string[]) => Promise<unknown>;
}

/**
 * 100 objects applied: by `kubectl apply --server-side`, by ours in process
 * from the plan's start to the last response, and by a whole `nx run`. First
 * all of them, then with one changed. Nothing is waited for, since kubectl
 * does not; the Deployments have no replicas, since pods would be measured.
 */
export async function deploy(): Promise<string> {
  const sandbox = await ensureSandbox();
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  const env = { ...process.env, ...sandboxEnv(sandbox) };
  const kubectl = (...args: string[]) => execa('kubectl', args, { env });
  const place = { sandbox, folder, kubectl };
  try {
    return await measured(place);
  } finally {
    const names = Object.values(NAMESPACES);
    await kubectl('delete', 'namespace', ...names, '--ignore-not-found');
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(place: Place): Promise<string> {
  const nx = await workspace(place);
  try {
    const first = await alternate(ROUNDS, {
      'kubectl apply --server-side': async () => {
        await fresh(place, NAMESPACES.kubectl);
        return byKubectl(place, 0);
      },
      'ours, in process': async () => {
        await fresh(place, NAMESPACES.ours);
        return inProcess(place, 0);
      },
    });
    // What stands now is changed from here on.
    const changed = await alternate(ROUNDS, {
      'kubectl apply --server-side': (round) => byKubectl(place, round + 1),
      'ours, in process': (round) => inProcess(place, round + 1),
      'ours again, nothing changed': (round) => inProcess(place, round + 1),
    });
    const whole = await alternate(NX_ROUNDS, {
      'kubectl apply --server-side': (round) => byKubectl(place, round + 100),
      'ours, a whole nx run': (round) => nx.run(round + 100),
    });
    return [
      table('100 objects, first apply', first),
      table('100 objects, one changed', changed),
      table('100 objects, one changed, with Nx around', whole),
    ].join('\n');
  } finally {
    await nx.workspace.remove();
  }
}

async function fresh({ kubectl }: Place, namespace: string): Promise<void> {
  await kubectl('delete', 'namespace', namespace, '--ignore-not-found');
  await kubectl('create', 'namespace', namespace);
}

async function byKubectl(place: Place, change: number): Promise<number> {
  const file = join(place.folder, 'objects.yaml');
  await writeFile(file, manifests(change));
  const namespace = ['--namespace', NAMESPACES.kubectl];
  return timed(() =>
    place.kubectl('apply', '--server-side', ...namespace, '-f', file),
  );
}

/** With a cluster opened anew, as each `nx run` does; reading is not measured. */
async function inProcess({ sandbox }: Place, change: number): Promise<number> {
  const cluster = await openSandboxCluster(sandbox);
  const origin = 'objects.yaml';
  const { objects } = readManifests([{ origin, text: manifests(change) }]);
  const noop = () => undefined;
  const set: DeploySet = {
    id: { workspaceId: 'bench', project: 'bench', configuration: '' },
    namespace: NAMESPACES.ours,
    objects,
  };
  return timed(() =>
    deploySet(
      set,
      { ...DEPLOY_OPTIONS, takeover: true },
      {
        cluster,
        reporter: { info: noop, warn: noop, output: noop },
        signal: new AbortController().signal,
        now: () => performance.now(),
        holder: 'bench',
      },
    ),
  );
}

/** A project with the same objects, in a workspace with the packed plugin. */
async function workspace({ sandbox }: Place) {
  const made = await pluginWorkspace();
  await made.usePlugin({ workspaceId: 'bench' });
  await made.writeJson('apps/bench/project.json', {
    name: 'bench',
    targets: {
      deploy: {
        executor: 'nx-slipway:deploy',
        options: {
          context: sandbox.cluster?.context,
          namespace: NAMESPACES.ours,
          wait: false,
          takeover: true,
        },
      },
    },
  });
  const run = async (change: number) => {
    await made.write('apps/bench/k8s/objects.yaml', manifests(change));
    return timed(async () => {
      const { exitCode, output } = await made.nx(['run', 'bench:deploy']);
      if (exitCode !== 0) throw new Error(output);
    });
  };
  return { workspace: made, run };
}

/** @param change what the first of the objects holds */
function manifests(change: number): string {
  const named = (
    kind: string,
    count: number,
    rest: (index: number) => object,
  ) =>
    Array.from({ length: count }, (_, index) => ({
      metadata: { name: `${kind}-${index}`, labels: { app: `app-${index}` } },
      ...rest(index),
    }));
  const objects = [
    ...named('config', CONFIG_MAPS, (index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      data: { 'config.json': `${index} of ${index === 0 ? change : 0}` },
    })),
    ...named('service', SERVICES, (index) => ({
      apiVersion: 'v1',
      kind: 'Service',
      spec: { selector: { app: `app-${index}` }, ports: [{ port: 80 }] },
    })),
    ...named('deployment', DEPLOYMENTS, (index) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: `app-${index}` } },
        template: {
          metadata: { labels: { app: `app-${index}` } },
          spec: { containers: [{ name: 'main', image: 'busybox:1.35' }] },
        },
      },
    })),
  ];
  // JSON is YAML, too.
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}
