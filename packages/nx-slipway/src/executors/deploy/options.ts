import type { DeployOptions } from '../../deploy';
import { timeoutOption } from '../manifest-set/options';
import type { DeployExecutorSchema } from './schema';

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
    timeout: timeoutOption(options),
    takeover: options.takeover ?? false,
  };
}
