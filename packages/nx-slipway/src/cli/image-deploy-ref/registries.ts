import type { ImageReference } from '../../image';
import type { RegistryClient, RegistryImage } from '../../registry';
import type { WorkspaceOptions } from '../../settings';
import { reporterOn, type Terminal } from '../terminal';

/** The registries that images are looked for in. */
export interface Registries {
  /** @returns undefined if the registry has no such image */
  read(
    name: ImageReference,
    reference: string,
  ): Promise<RegistryImage | undefined>;
  close(): Promise<void>;
}

/** Loads and opens nothing before the first question. */
export function openRegistries(
  registry: WorkspaceOptions['registry'],
  terminal: Terminal,
): Registries {
  const clients = new Map<string, RegistryClient>();
  const { env, homedir, secrets } = terminal;
  const onSecret = (value: string) => secrets.add(value);
  return {
    async read({ domain, path }, reference) {
      const { connectRegistry, dockerCredentials, readImage, trustIn } =
        await import('../../registry');
      const { insecure, caFile } = trustIn(domain, registry);
      const client =
        clients.get(domain) ??
        connectRegistry(domain, {
          insecure,
          caFile,
          credentials: dockerCredentials(env, { homedir, onSecret }),
          env,
          signal: new AbortController().signal,
          onSecret,
          reporter: reporterOn(terminal),
        });
      clients.set(domain, client);
      return readImage(client, path, reference);
    },
    async close() {
      for (const client of clients.values()) await client.close();
    },
  };
}
