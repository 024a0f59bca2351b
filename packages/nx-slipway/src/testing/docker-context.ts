import { createHash } from 'node:crypto';
import type { TempFolder } from './temp-folder';

function contextId(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

/** Where the Docker CLI keeps a context below its config folder. */
export function contextFile(name: string): string {
  return `contexts/meta/${contextId(name)}/meta.json`;
}

/** Where it keeps `ca.pem`, `cert.pem` and `key.pem` of a context. */
export function contextTlsFile(name: string, file: string): string {
  return `contexts/tls/${contextId(name)}/docker/${file}`;
}

/** What `docker context create NAME --docker host=HOST` leaves behind. */
export function createContext(
  config: TempFolder,
  name: string,
  host: string,
  more: { readonly SkipTLSVerify?: boolean } = {},
): Promise<void> {
  const meta = { Name: name, Endpoints: { docker: { Host: host, ...more } } };
  return config.write({ [contextFile(name)]: JSON.stringify(meta) });
}
