import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { isObject, valuesIn } from '../../manifest';
import { SlipwayError } from '../../report';
import type { Project } from '../targets';
import { pathOf } from './chosen-source';
import { overlayBase, type OverlayBase } from './overlay-base';
import { baseText, overlayText } from './overlay-text';

const FILE = 'kustomization.yaml';
const SCALED = ['Deployment', 'StatefulSet'];

export interface OverlayParts {
  /** As the option `source` has it. */
  readonly source: string;
  readonly base?: string;
  readonly namespace?: string;
  readonly replicas?: number;
}

/**
 * Makes a kustomization over the manifests of a project, and one that lists
 * these where they have none. What is there already stays as it is.
 * @returns the base, below the workspace root
 * @throws SLIPWAY_E_EXISTS for an overlay that says something else
 */
export function writeOverlay(
  tree: Tree,
  project: Project,
  { source, namespace, replicas, ...options }: OverlayParts,
): string {
  const folder = pathOf(project, source);
  const base = overlayBase(tree, project, options.base, folder);
  const text = overlayText({
    base: posix.relative(folder, base.folder),
    namespace,
    replicas:
      replicas === undefined
        ? undefined
        : { count: replicas, names: scaledIn(tree, base) },
  });
  writeOnce(tree, posix.join(folder, FILE), text);
  if (!base.hasKustomization) {
    const files = base.files
      .map((file) => posix.relative(base.folder, file))
      .sort();
    tree.write(posix.join(base.folder, FILE), baseText(files));
  }
  return base.folder;
}

function writeOnce(tree: Tree, path: string, text: string): void {
  const values = (of: string) => JSON.stringify(valuesIn(path, of));
  if (!tree.exists(path)) {
    tree.write(path, text);
  } else if (values(tree.read(path, 'utf8') ?? '') !== values(text)) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_EXISTS',
      message: `${path} is there already, and says something else`,
      hint: 'Change it by hand, and leave --overlay out: --source names it as it is.',
    });
  }
}

/** Names of what has replicas, for kustomize takes no count for all. */
function scaledIn(tree: Tree, { files, folder }: OverlayBase): string[] {
  const names = files.flatMap((file) =>
    valuesIn(file, tree.read(file, 'utf8') ?? '').flatMap((value) => {
      if (!isObject(value)) return [];
      const { kind, metadata } = value;
      if (!SCALED.some((one) => one === kind)) return [];
      return isObject(metadata) && typeof metadata.name === 'string'
        ? metadata.name
        : [];
    }),
  );
  if (names.length > 0) return [...new Set(names)].sort();
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `--replicas is given, and ${folder} holds no ${SCALED.join(' and no ')}`,
    hint: 'Leave it out, and write into the overlay what is to be changed.',
  });
}
