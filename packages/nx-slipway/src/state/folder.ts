import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Below the workspace root; `.nx` is ignored by git and never an input. */
const OURS = '.nx/slipway';

/**
 * Where a project's record is unless `recordFile` says otherwise. Nx has the
 * same path as the target's output, so it is spelled, not hashed.
 * @param root of the workspace
 */
export function recordPath(root: string, projectName: string): string {
  return join(root, OURS, `${projectName}.json`);
}

/**
 * What is not a record, in folders of its own: a project's record ends in
 * `.json`, so none can stand in their place, not even of a project `state`.
 */
function stateFolder(
  root: string,
  what: 'locks' | 'ledger' | 'tools' | 'kubeconfig' | 'machine' | 'live-update',
): string {
  return join(root, OURS, 'state', what);
}

/** The folder of the lock that builds of one image hold. */
export function lockFolder(root: string, imageName: string): string {
  return join(stateFolder(root, 'locks'), hashedName(imageName));
}

export function ledgerFolder(root: string): string {
  return stateFolder(root, 'ledger');
}

/**
 * The files about the containers of an image, less what their names end in.
 * @param served what tells one serve from another, and the image
 */
export function liveUpdatePath(root: string, ...served: string[]): string {
  return join(stateFolder(root, 'live-update'), hashedName(...served));
}

/** The file of the id that a machine has by this workspace. */
export function machineFile(root: string): string {
  return stateFolder(root, 'machine');
}

/** The programs that build commands get on their PATH. */
export function toolsFolder(root: string): string {
  return stateFolder(root, 'tools');
}

/** The file that makes one context current for build commands. */
export function kubeconfigPath(root: string, context: string): string {
  return join(stateFolder(root, 'kubeconfig'), `${hashedName(context)}.yaml`);
}

/**
 * 32 hex digits for names that hold what file names may not, or in two cases
 * what one file system takes for the same. Lengths count, so that no two lists
 * of parts are one.
 */
export function hashedName(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return hash.digest('hex').slice(0, 32);
}
