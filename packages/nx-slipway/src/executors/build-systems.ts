import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { BuildSystems } from '../build';
import { toolFolders } from '../tool';
import { connectDocker } from '../docker';
import {
  connectRegistry,
  dockerCredentials,
  trustIn,
  type RegistryClient,
} from '../registry';
import type { Reporter, Secrets } from '../report';
import { ledgerFolder, machineId, openLedger, toolsFolder } from '../state';

export interface SystemsParts {
  /** The workspace root. */
  readonly root: string;
  /** The user's own. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kubeconfig?: string;
  readonly imagesOnNodes?: BuildSystems['imagesOnNodes'];
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
  const { root, env, reporter, secrets, signal, kill } = parts;
  const onSecret = (value: string) => secrets.add(value);
  const docker = connectDocker(env, { signal });
  const credentials = dockerCredentials(env, {
    homedir: homedir(),
    onSecret,
    signal,
  });
  const registries = new Map<string, RegistryClient>();
  const ledger = openLedger(ledgerFolder(root));
  try {
    return await work({
      docker,
      credentials,
      connectRegistry: (host, registry) => {
        const { insecure, caFile } = trustIn(host, registry);
        const key = JSON.stringify([host, insecure, caFile]);
        const open = registries.get(key);
        if (open) return open;
        const client = connectRegistry(host, {
          insecure,
          caFile: caFile && resolve(root, caFile),
          credentials,
          env,
          reporter,
          signal,
          onSecret,
        });
        registries.set(key, client);
        return client;
      },
      ledger,
      place: { machine: await machineId(root), workspace: root },
      env,
      kubeconfig: parts.kubeconfig,
      imagesOnNodes: parts.imagesOnNodes,
      toolFolders: () =>
        toolFolders(toolsFolder(root), env, {
          warn: (line) => reporter.warn(line),
        }),
      now: () => performance.now(),
      reporter,
      secrets: () => secrets.all,
      signal,
      kill,
    });
  } finally {
    await ledger.settled();
    docker.close();
    await Promise.all([...registries.values()].map((open) => open.close()));
  }
}
