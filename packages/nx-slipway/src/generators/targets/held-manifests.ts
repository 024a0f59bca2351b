import { posix } from 'node:path';
import { getProjects, readNxJson, type Tree } from '@nx/devkit';
import { globMatcher } from '../../inputs';
import { workspaceOptions } from '../../settings';
import type { Project } from './project-of';

/** What lies where a project's manifests are; paths are below its root. */
export interface HeldManifests {
  /** YAML under the globs of nx.json, kustomizations and charts included. */
  readonly files: readonly string[];
  /** Folders with a kustomization; '' is the project's own. */
  readonly kustomizations: readonly string[];
  /** Folders with a Helm chart. */
  readonly charts: readonly string[];
  /** Whether a file would be found there, were it written. */
  readonly wouldFind: (path: string) => boolean;
}

const NEVER = new Set(['node_modules', '.git', '.nx', 'dist']);
const KUSTOMIZATION = /^(?:kustomization\.ya?ml|Kustomization)$/;
const CHART = 'Chart.yaml';

/**
 * @param directory is looked through as well; below the project's root
 * @throws SLIPWAY_E_OPTION_INVALID for an nx.json that says the globs wrongly
 */
export function heldManifests(
  tree: Tree,
  project: Project,
  directory = '',
): HeldManifests {
  const { manifests } = workspaceOptions(readNxJson(tree) ?? {});
  const globs = manifests.map((glob) => globOf(glob, project));
  const matches = globMatcher(globs);
  const [also] = posix.normalize(directory).split('/');
  const mayHold = globMatcher(globs.map(firstOf));
  const isLookedAt = (name: string) => name === also || mayHold(name);
  const others = new Set(
    [...getProjects(tree).values()].map((one) => one.root),
  );
  const files: string[] = [];
  const kustomizations: string[] = [];
  const charts: string[] = [];
  look('');
  return { files, kustomizations, charts, wouldFind: matches };

  function look(folder: string) {
    const at = posix.join(project.root, folder);
    for (const name of tree.children(at === '.' ? '' : at).sort()) {
      const path = posix.join(folder, name);
      const full = posix.join(project.root, path);
      if (!tree.isFile(full)) {
        const isOwn = !NEVER.has(name) && !others.has(full);
        if (isOwn && (folder !== '' || isLookedAt(name))) look(path);
        continue;
      }
      if (KUSTOMIZATION.test(name)) kustomizations.push(folder);
      if (name === CHART) charts.push(folder);
      if (matches(path)) files.push(path);
    }
  }
}

/** Relative to the project, as the plugin has it. */
function globOf(glob: string, { root, name }: Project): string {
  const filled = (text: string) =>
    text.replaceAll('{projectRoot}', root).replaceAll('{projectName}', name);
  if (glob.startsWith('{projectRoot}/')) {
    return filled(glob.slice('{projectRoot}/'.length));
  }
  return posix.relative(
    root,
    filled(glob.replace(/^\{workspaceRoot\}\/?/, '')),
  );
}

/** What the first folder of a path must match. */
function firstOf(glob: string): string {
  let depth = 0;
  for (const [index, letter] of [...glob].entries()) {
    if (letter === '{') depth++;
    if (letter === '}') depth--;
    if (letter === '/' && depth === 0) return glob.slice(0, index);
  }
  return glob;
}
