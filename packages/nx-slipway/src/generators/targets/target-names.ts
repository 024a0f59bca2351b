import { readNxJson, type Tree } from '@nx/devkit';
import {
  impliedExecutors,
  workspaceOptions,
  type TargetNames,
} from '../../settings';

/**
 * What this workspace calls the targets.
 * @throws SLIPWAY_E_OPTION_INVALID for an nx.json that names them wrongly
 */
export function targetNames(tree: Tree): TargetNames {
  return workspaceOptions(readNxJson(tree) ?? {}).targetNames;
}

/** The executor of a target of ours that names none, by the target's name. */
export function impliedExecutor(tree: Tree, name: string): string | undefined {
  return impliedExecutors(targetNames(tree)).get(name);
}
