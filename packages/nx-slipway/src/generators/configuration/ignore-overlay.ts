import type { Tree } from '@nx/devkit';
import { CUSTOM_BUILD } from '../../settings';
import { addTarget, targetNames, type Project } from '../targets';

/**
 * Leaves overlays out of the inputs of images that are built of all of the
 * project, as manifests under the plugin's globs are: an edit of one would
 * build the image again. One with deps of its own is left alone.
 * @param source of the overlay, below the project's root
 */
export function ignoreOverlay(
  tree: Tree,
  project: Project,
  source: string,
): void {
  const usual = targetNames(tree).customBuild;
  const [folder = ''] = source.split('/');
  if (folder === '..' || folder === '{workspaceRoot}') return;
  for (const [name, target] of Object.entries(project.targets ?? {})) {
    const { executor = name === usual ? CUSTOM_BUILD : '' } = target;
    const { deps = ['.'], ignore = [] } = (target.options ?? {}) as {
      deps?: unknown[];
      ignore?: string[];
    };
    const isOfAll = JSON.stringify(deps) === '["."]';
    if (executor !== CUSTOM_BUILD || !isOfAll) continue;
    if (ignore.includes(folder)) continue;
    addTarget(tree, project, name, {
      ...(target.executor && { executor }),
      options: { ignore: [...ignore, folder] },
    });
  }
}
