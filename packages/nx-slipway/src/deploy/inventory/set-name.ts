import { createHash } from 'node:crypto';
import type { SetId } from '../types';

/** So that the name of the Lease, a DNS label, has room for the hash. */
const MAX_SLUG = 40;

/**
 * The name of a set's inventory and of its Lease,
 * `slipway-shop-production-1f2e3d4c`: readable, and by its hash the set's alone.
 */
export function inventoryName(id: SetId): string {
  const { workspaceId, project, configuration } = id;
  const hash = createHash('sha256')
    .update(JSON.stringify([workspaceId, project, configuration]))
    .digest('hex')
    .slice(0, 8);
  const slug = [project, configuration]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG)
    .replace(/^-+|-+$/g, '');
  return ['slipway', ...(slug === '' ? [] : [slug]), hash].join('-');
}

/**
 * The id of the ApplySet whose parent is the ConfigMap of that name, as KEP-3659
 * makes it. It is the value of a label.
 */
export function applySetId(name: string, namespace: string): string {
  const hash = createHash('sha256')
    .update(`${name}.${namespace}.ConfigMap.`)
    .digest('base64url');
  return `applyset-${hash}-v1`;
}
