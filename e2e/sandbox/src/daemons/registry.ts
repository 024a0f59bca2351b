import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Allocation } from '../allocation';
import type { Layout } from '../layout';
import { json, writeWhole } from '../system/files';
import { isOk } from '../system/http';
import type { Daemon } from './daemon';

const configOf = (layout: Layout) => join(layout.data, 'registry.json');

export const registryHost = (allocation: Allocation) =>
  `localhost:${allocation.ports.registry}`;

export function registryDaemon(layout: Layout, allocation: Allocation): Daemon {
  return {
    name: 'registry',
    argv: ['/usr/bin/docker-registry', 'serve', configOf(layout)],
    healthy: () => isOk(`http://127.0.0.1:${allocation.ports.registry}/v2/`),
    grace: 1000,
  };
}

/** Its configuration is YAML, and JSON is YAML. */
export async function prepareRegistry(layout: Layout, allocation: Allocation) {
  const storage = join(layout.data, 'registry');
  await mkdir(storage, { recursive: true });
  await writeWhole(
    configOf(layout),
    json({
      version: 0.1,
      log: { level: 'warn', accesslog: { disabled: true } },
      storage: {
        filesystem: { rootdirectory: storage },
        delete: { enabled: true },
        cache: { blobdescriptor: 'inmemory' },
      },
      http: { addr: `127.0.0.1:${allocation.ports.registry}` },
    }),
  );
}
