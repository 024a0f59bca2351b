import { homedir, hostname } from 'node:os';
import type { BuildSystems } from '../build';
import { toolFolders } from '../cli';
import { connectDocker } from '../docker';
import {
  connectRegistry,
  dockerCredentials,
  type RegistryClient,
} from '../registry';
import type { Reporter, Secrets } from '../report';
import { ledgerFolder, openLedger, toolsFolder } from '../state';

export interface SystemsParts {
  /** The workspace root. */
  readonly root: string;
  readonly kubeconfig?: string;
  readonly reporter: Reporter;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
}

/**
 * Everything that a build talks to, each opened when first used and closed
 * when `work` has ended.
 */
export async function withBuildSystems<T>(
  parts: SystemsParts,
  work: (systems: BuildSystems) => Promise<T>,
): Promise<T> {
  const { root, kubeconfig, reporter, secrets, signal, kill } = parts;
  const { env } = process;
  const onSecret = (value: string) => secrets.add(value);
  const docker = connectDocker(env);
  const credentials = dockerCredentials(env, { homedir: homedir(), onSecret });
  const registries = new Map<string, RegistryClient>();
  try {
    return await work({
      docker,
      credentials,
      connectRegistry: (host, registry) => {
        const key = JSON.stringify([
          host,
          registry?.insecure,
          registry?.caFile,
        ]);
        const open = registries.get(key);
        if (open) return open;
        const client = connectRegistry(host, {
          insecure: registry?.insecure ?? false,
          caFile: registry?.caFile ?? '',
          credentials,
          env,
          reporter,
          signal,
          onSecret,
        });
        registries.set(key, client);
        return client;
      },
      ledger: openLedger(ledgerFolder(root)),
      place: { machine: hostname(), workspace: root },
      env,
      kubeconfig,
      toolFolders: () => toolFolders(toolsFolder(root), env),
      now: () => performance.now(),
      reporter,
      secrets: () => secrets.all,
      signal,
      kill,
    });
  } finally {
    docker.close();
    for (const client of registries.values()) client.close();
  }
}
