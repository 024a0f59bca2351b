import { readNxJson, type Tree } from '@nx/devkit';
import {
  CUSTOM_BUILD,
  workspaceOptions,
  type TargetNames,
} from '../../settings';

/** Of the targets that deploy manifests, by the keys of `targetNames`. */
export const SET_NAMES = ['render', 'deploy', 'serve', 'down'] as const;

/**
 * What this workspace calls the targets.
 * @throws SLIPWAY_E_OPTION_INVALID for an nx.json that names them wrongly
 */
export function targetNames(tree: Tree): TargetNames {
  return workspaceOptions(readNxJson(tree) ?? {}).targetNames;
}

/** The executor of a target of ours that names none, by the target's name. */
export function impliedExecutor(tree: Tree, name: string): string | undefined {
  const names = targetNames(tree);
  if (name === names.customBuild) return CUSTOM_BUILD;
  const kind = SET_NAMES.find((key) => names[key] === name);
  return kind && `nx-slipway:${kind}`;
}
