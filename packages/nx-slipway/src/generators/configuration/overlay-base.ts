import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { SlipwayError } from '../../report';
import { deploySource, heldManifests, type Project } from '../targets';
import { hasKustomization, pathOf } from './chosen-source';

/** What an overlay is made over. */
export interface OverlayBase {
  /** Below the workspace root. */
  readonly folder: string;
  /** Whether a kustomization lists what lies in it. */
  readonly hasKustomization: boolean;
  /** YAML in it, below the workspace root. */
  readonly files: readonly string[];
}

const YAML = /\.ya?ml$/;
const KUSTOMIZATION = /^kustomization\.ya?ml$/;

/**
 * The folder that is named, else the kustomization that the project deploys,
 * else the one folder that holds its manifests.
 * @param named below the project's root
 * @param overlay below the workspace root: it is no base of its own
 * @throws SLIPWAY_E_OPTION_INVALID if there is none, or more than one
 */
export function overlayBase(
  tree: Tree,
  project: Project,
  named: string | undefined,
  overlay: string,
): OverlayBase {
  const folder = pathOf(project, named ?? baseOf(tree, project, overlay));
  const files = yamlIn(tree, folder);
  if (files.length === 0) throw refused(`${folder} holds no YAML`);
  if (`${overlay}/`.startsWith(`${folder}/`)) {
    throw refused(
      `the overlay ${overlay} would lie in ${folder}, which it is made over`,
    );
  }
  return {
    folder,
    hasKustomization: hasKustomization(tree, folder),
    files,
  };
}

function baseOf(tree: Tree, project: Project, overlay: string): string {
  const source = deploySource(tree, project) as
    { kustomize?: string } | undefined;
  if (source?.kustomize !== undefined) return source.kustomize;
  const what = `the project ${project.name}`;
  if (source !== undefined) {
    throw refused(
      `${what} deploys ${JSON.stringify(source)}, which no overlay can be made over`,
    );
  }
  const { files, kustomizations, charts } = heldManifests(tree, project);
  const bases = kustomizations.filter(
    (folder) => posix.join(project.root, folder) !== overlay,
  );
  const usual = bases.filter((folder) => posix.basename(folder) === 'base');
  const [only, ...others] = usual.length > 0 ? usual : bases;
  if (only !== undefined && others.length === 0) return only;
  if (bases.length > 0) {
    throw refused(`${what} holds several kustomizations: ${bases.join(', ')}`);
  }
  if (charts.length > 0) {
    throw refused(`${what} holds a Helm chart, ${charts.join(', ')}`);
  }
  if (files.length === 0) throw refused(`${what} holds no manifests`);
  const common = files.map((file) => posix.dirname(file)).reduce(inCommon);
  if (common !== '.') return common;
  throw refused(`${what} holds manifests in more than one folder`);
}

/** The folder that both lie in. */
function inCommon(one: string, other: string): string {
  if (one === other || `${other}/`.startsWith(`${one}/`)) return one;
  return one === '.' ? one : inCommon(posix.dirname(one), other);
}

function yamlIn(tree: Tree, folder: string): string[] {
  return tree.children(folder).flatMap((name) => {
    const path = posix.join(folder, name);
    if (!tree.isFile(path)) return yamlIn(tree, path);
    return YAML.test(name) && !KUSTOMIZATION.test(name) ? path : [];
  });
}

function refused(why: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `no overlay is made: ${why}`,
    hint: 'Name the folder of YAML or the kustomization that it is made over by --base. Without --overlay, --source names what there is: for a chart, with --values.',
  });
}
