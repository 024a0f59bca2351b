import { lookup } from 'node:dns/promises';
import { detectRegistry, type Cluster } from '../cluster';
import type { Registry } from '../image';
import type { Reporter } from '../report';

/** Asks a cluster for the registry that it announces: once, when first wanted. */
export function announcedRegistry(
  cluster: Cluster,
  reporter: Reporter,
): () => Promise<Registry | undefined> {
  let asked: Promise<Registry | undefined> | undefined;
  return () => (asked ??= ask(cluster, reporter));
}

async function ask(cluster: Cluster, reporter: Reporter) {
  const found = await detectRegistry(cluster, { reporter, lookup });
  const { context } = cluster;
  reporter.info(
    found
      ? `registry ${found.host}, announced by ${found.source} of ${context}`
      : `no registry: ${context} announces none, and no option names one`,
  );
  return found;
}
