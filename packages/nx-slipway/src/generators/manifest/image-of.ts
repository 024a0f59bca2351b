import type { Tree } from '@nx/devkit';
import { posix } from 'node:path';
import { SlipwayError } from '../../report';
import { CUSTOM_BUILD } from '../../settings';
import { targetNames, type Project } from '../targets';

/** An image that a project builds. */
export interface BuiltImage {
  readonly ref: string;
  readonly command: string;
  /** Where the command runs, below the workspace root. */
  readonly dir: string;
}

/** By all targets that build one, whatever they are called. */
export function imagesOf(tree: Tree, project: Project): BuiltImage[] {
  const usual = targetNames(tree).customBuild;
  return Object.entries(project.targets ?? {}).flatMap(([name, target]) => {
    const { executor = name === usual ? CUSTOM_BUILD : '' } = target;
    const {
      ref,
      command = '',
      dir,
    } = (target.options ?? {}) as {
      ref?: unknown;
      command?: string | string[];
      dir?: string;
    };
    if (executor !== CUSTOM_BUILD || typeof ref !== 'string') return [];
    const filled = (text: string) =>
      text
        .replaceAll('{projectName}', project.name)
        .replaceAll('{projectRoot}', project.root);
    return [
      {
        ref: filled(ref),
        command: filled([command].flat().join(' ')),
        dir: folderOf(project, dir && filled(dir)),
      },
    ];
  });
}

function folderOf({ root }: Project, dir = '.'): string {
  const isFromRoot = dir.startsWith('{workspaceRoot}');
  return isFromRoot
    ? posix.join('.', dir.replace(/^\{workspaceRoot\}\/*/, ''))
    : posix.join(root, dir);
}

/**
 * The one that is meant: the one that is named, else the only one.
 * @throws SLIPWAY_E_OPTION_INVALID if the project builds none, or several
 */
export function chosenImage(
  images: readonly BuiltImage[],
  named: string | undefined,
  project: Project,
): BuiltImage {
  const found = images.find(({ ref }) => ref === named);
  if (found) return found;
  if (named !== undefined)
    return { ref: named, command: '', dir: project.root };
  const [only, ...others] = images;
  if (only && others.length === 0) return only;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: only
      ? `the project ${project.name} builds several images`
      : `the project ${project.name} builds no image`,
    hint: only
      ? `Choose one: ${images.map(({ ref }) => `--image=${ref}`).join(', ')}.`
      : `Give it a build first, nx g nx-slipway:custom-build ${project.name}, or name an image of another project by --image.`,
  });
}
