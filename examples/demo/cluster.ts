import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DemoError } from './error';
import type { Built } from './nx';
import { run } from './run';

/** One cluster, by context and kubeconfig: never what happens to be current. */
export interface ClusterOptions {
  readonly kubeconfig: string;
  readonly context: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

export const NAMESPACE = 'shop';
const ROLLOUT_TIMEOUT = '--timeout=120s';

type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

function kubectlFor(options: ClusterOptions): Kubectl {
  const { kubeconfig, context, env, signal } = options;
  const where = ['--kubeconfig', kubeconfig, '--context', context];
  return (args, input) =>
    run('kubectl', [...where, '--namespace', NAMESPACE, ...args], {
      env,
      signal,
      input,
    });
}

/** Applies the manifests with the deploy refs in them and waits for the pods. */
export async function deploy(
  shop: string,
  images: readonly Built[],
  options: ClusterOptions,
): Promise<void> {
  const kubectl = kubectlFor(options);
  const namespace = { apiVersion: 'v1', kind: 'Namespace' };
  const metadata = { name: NAMESPACE };
  await kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ ...namespace, metadata }),
  );
  const manifests = await Promise.all(
    images.map((image) => manifestsOf(shop, image)),
  );
  const applied = await kubectl(
    ['apply', '-f', '-'],
    manifests.flat().join('\n---\n'),
  );
  applied.split('\n').forEach(options.onLine);
  await Promise.all(
    images.map(({ project }) =>
      kubectl(['rollout', 'status', `deployment/${project}`, ROLLOUT_TIMEOUT]),
    ),
  );
}

async function manifestsOf(shop: string, image: Built): Promise<string[]> {
  const folder = join(shop, 'apps', image.project, 'k8s');
  const files = await readdir(folder);
  return Promise.all(
    files
      .sort()
      .map(async (file) =>
        inject(await readFile(join(folder, file), 'utf8'), image),
      ),
  );
}

/** Good enough for manifests that we wrote ourselves. */
function inject(manifest: string, { project, deployRef }: Built): string {
  return manifest.replace(
    new RegExp(`^(\\s+image: )${project}$`, 'gm'),
    (_, key: string) => `${key}${deployRef}`,
  );
}

/** How long a Service may still lead to a pod that is on its way out. */
const SETTLE_MS = 15_000;

/**
 * What a pod of the Service answers, asked through the API server: that works
 * with a cluster on any machine, where a Service's own address may not.
 * @param expected what the page must hold
 */
export async function fetchPage(
  service: string,
  expected: string,
  options: ClusterOptions,
): Promise<string> {
  const path = `/api/v1/namespaces/${NAMESPACE}/services/${service}:80/proxy/`;
  const kubectl = kubectlFor(options);
  for (const end = Date.now() + SETTLE_MS; ; await setTimeout(200)) {
    const page = await kubectl(['get', '--raw', path]);
    if (page.includes(expected)) return page;
    if (Date.now() < end) continue;
    throw new DemoError(
      'DEMO_E_PAGE',
      `${path} does not answer the page with "${expected}", but: ${page}`,
    );
  }
}
