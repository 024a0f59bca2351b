import { setTimeout } from 'node:timers/promises';
import { DemoError } from './error';
import { run } from './run';

/** One cluster, by context and kubeconfig: never what happens to be current. */
export interface ClusterOptions {
  readonly kubeconfig: string;
  readonly context: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Of the shop's overlays. */
export const NAMESPACE = 'shop';
export const PRODUCTION = 'shop-production';

/** How long a Service may still lead to a pod that is on its way out. */
const SETTLE_MS = 15_000;

/**
 * What a pod of the Service answers, asked through the API server: that works
 * with a cluster on any machine, where a Service's own address may not.
 * @param file of the Service: none is its page
 * @param expected what the answer must hold
 */
export async function fetchPage(
  service: string,
  file: string,
  expected: string,
  options: ClusterOptions,
): Promise<string> {
  const path = `/api/v1/namespaces/${NAMESPACE}/services/${service}:80/proxy/${file}`;
  const { kubeconfig, context, env, signal } = options;
  const where = ['--kubeconfig', kubeconfig, '--context', context];
  for (const end = Date.now() + SETTLE_MS; ; await setTimeout(200)) {
    const page = await run('kubectl', [...where, 'get', '--raw', path], {
      env,
      signal,
    });
    if (page.includes(expected)) return page;
    if (Date.now() < end) continue;
    throw new DemoError(
      'DEMO_E_PAGE',
      `${path} does not answer with "${expected}", but: ${page}`,
    );
  }
}
