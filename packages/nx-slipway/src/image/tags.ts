import { createHash } from 'node:crypto';

/** Who builds: one transient tag in a registry for each. */
export interface BuildTagParts {
  /** Its id: no other machine has the same. */
  readonly machine: string;
  /** The workspace's root on that machine. */
  readonly workspace: string;
  /** The image name. */
  readonly name: string;
}

/**
 * The transient tag in a registry, where no tag can be deleted alone, so that
 * each build of an image by one workspace uses the same again (design 2.2):
 * `<tagPrefix>-build-<16 hex>`.
 */
export function buildTag(
  tagPrefix: string,
  { machine, workspace, name }: BuildTagParts,
): string {
  const hash = createHash('sha256').update('nx-slipway build tag 1\n');
  for (const part of [machine, workspace, name]) {
    // With its length in front, so that no two triples are the same bytes.
    hash.update(`${Buffer.byteLength(part)}:${part}`);
  }
  return `${tagPrefix}-build-${hash.digest('hex').slice(0, 16)}`;
}
