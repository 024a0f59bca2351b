import { createHash } from 'node:crypto';
import type { TempFolder } from './temp-folder';

/** Where the Docker CLI keeps a context below its config folder. */
export function contextFile(name: string): string {
  const id = createHash('sha256').update(name).digest('hex');
  return `contexts/meta/${id}/meta.json`;
}

/** What `docker context create NAME --docker host=HOST` leaves behind. */
export function createContext(
  config: TempFolder,
  name: string,
  host: string,
): Promise<void> {
  const meta = { Name: name, Endpoints: { docker: { Host: host } } };
  return config.write({ [contextFile(name)]: JSON.stringify(meta) });
}
