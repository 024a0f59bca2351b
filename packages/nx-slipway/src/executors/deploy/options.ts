import type { DeployOptions } from '../../deploy';
import { parseDuration } from '../duration';
import type { DeployExecutorSchema } from './schema';

export const DEFAULT_TIMEOUT = '5m';

/**
 * @param isLocal whether the cluster is a local product's
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function deployOptions(
  options: DeployExecutorSchema,
  isLocal: boolean,
): DeployOptions {
  return {
    forceConflicts: options.forceConflicts ?? false,
    prune: options.prune ?? true,
    pruneData: options.pruneData ?? false,
    recreate: options.recreate ?? [],
    rerun: options.rerun ?? [],
    createNamespace: options.createNamespace ?? isLocal,
    wait: options.wait ?? true,
    timeout: parseDuration(options.timeout ?? DEFAULT_TIMEOUT, 'timeout'),
    takeover: options.takeover ?? false,
  };
}
