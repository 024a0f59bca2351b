import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { Layout } from './layout';
import { json, readJson, writeWhole } from './system/files';

/** What the user already has and named, used in place of our own. */
export interface External {
  readonly dockerHost?: string;
  readonly registry?: string;
  readonly registryFromCluster?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** What a sandbox that is up consists of; there from `up` to `down`. */
export interface Settings {
  readonly schema: 1;
  readonly cluster: boolean;
  readonly external: External;
  /** Set last, when every daemon answered and the base images were there. */
  readonly ready?: boolean;
  /** net.ipv4.ip_forward as `up` found it: CNI turns it on. */
  readonly ipForward?: string;
}

function isSettings(value: unknown): value is Settings {
  const { schema, cluster, external } = (value ?? {}) as Partial<Settings>;
  return (
    schema === 1 && typeof cluster === 'boolean' && typeof external === 'object'
  );
}

const fileOf = (layout: Layout) => join(layout.data, 'sandbox.json');

export function readSettings(layout: Layout): Promise<Settings | undefined> {
  return readJson(fileOf(layout), isSettings);
}

export async function writeSettings(layout: Layout, settings: Settings) {
  await writeWhole(fileOf(layout), json(settings));
}

export async function removeSettings(layout: Layout): Promise<void> {
  await rm(fileOf(layout), { force: true });
}
