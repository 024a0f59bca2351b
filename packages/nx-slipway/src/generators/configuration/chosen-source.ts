import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { SlipwayError } from '../../report';
import type { Project } from '../targets';

/** As the option `source` of the targets has it. */
export type Source = Readonly<Record<string, unknown>>;

const KUSTOMIZATIONS = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];
const CHART = 'Chart.yaml';
const YAML = /\.ya?ml$/;
const WORKSPACE = /^\{workspaceRoot\}\/?/;

/**
 * Below the workspace root, of a path as options write it.
 * @throws SLIPWAY_E_OPTION_INVALID for one that leads out of the workspace
 */
export function pathOf({ root }: Project, text: string): string {
  const path = WORKSPACE.test(text)
    ? posix.join('.', text.replace(WORKSPACE, ''))
    : posix.join(root, text);
  if (!/^\.\.(?:\/|$)/.test(path)) return path;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `"${text}" is not in this workspace`,
    hint: 'It is relative to the project root, or begins with {workspaceRoot}.',
  });
}

export function hasKustomization(tree: Tree, folder: string): boolean {
  return KUSTOMIZATIONS.some((name) => tree.exists(posix.join(folder, name)));
}

/**
 * What a path stands for, by what lies there.
 * @throws SLIPWAY_E_OPTION_INVALID if nothing does
 */
export function chosenSource(
  tree: Tree,
  project: Project,
  text: string,
  values: readonly string[],
): Source {
  const path = pathOf(project, text);
  if (tree.exists(posix.join(path, CHART))) {
    return { helm: { chart: text, ...(values.length > 0 && { values }) } };
  }
  if (hasKustomization(tree, path)) return { kustomize: text };
  const isThere =
    tree.isFile(path) || tree.children(path).some((name) => YAML.test(name));
  if (isThere || /[*?{[]/.test(path)) return { yaml: [text] };
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `--source is "${text}", and there are no manifests in ${path}`,
    hint: 'It is a folder with a kustomization.yaml, a Chart.yaml or YAML files, or a glob. --overlay makes a kustomization there.',
  });
}
