import { posix } from 'node:path';
import {
  formatFiles,
  logger,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { parseRegistry } from '../../settings';
import {
  changeDeploy,
  declaredDeploy,
  heldManifests,
  projectOf,
  targetNames,
  usePlugin,
  withHints,
  type Project,
} from '../targets';
import { chosenSource, type Source } from './chosen-source';
import {
  assertSame,
  assertWhole,
  configurationOptions,
} from './configuration-options';
import { ignoreOverlay } from './ignore-overlay';
import type { ConfigurationGeneratorSchema } from './schema';
import { summary } from './summary';
import { valuesSource } from './values-source';
import { writeOverlay } from './write-overlay';

/**
 * Writes a configuration of `deploy`, which the other targets of the manifests
 * take over.
 * @throws SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_OPTION_CONFLICT, SLIPWAY_E_EXISTS
 */
export default withHints(async function configuration(
  tree: Tree,
  options: ConfigurationGeneratorSchema,
): Promise<GeneratorCallback> {
  const project = projectOf(tree, options.project);
  assertWhole(options);
  parseRegistry(options.registry, '--registry');
  const { deploy } = targetNames(tree);
  const there = declaredDeploy(tree, project);
  const where = `${project.name}:${deploy}:${options.name}`;
  const source = sourceOf(tree, project, options);
  const given = configurationOptions(options, source);
  if (!options.force) {
    assertSame(there?.configurations?.[options.name] ?? {}, given, where);
  }
  const holds = isDeployed(tree, project, source);
  const base = options.overlay
    ? overlaid(tree, project, options, source)
    : undefined;
  usePlugin(tree);
  changeDeploy(tree, project, {
    ...(base !== undefined && { options: { source: { kustomize: base } } }),
    configurations: { [options.name]: given },
  });
  if (!options.skipFormat) await formatFiles(tree);
  const names = targetNames(tree);
  return () => {
    logger.info(summary({ where, given, holds, names, project }).join('\n'));
  };
});

function sourceOf(
  tree: Tree,
  project: Project,
  options: ConfigurationGeneratorSchema,
): Source | undefined {
  const { overlay, source, values = [], name } = options;
  if (overlay) return { kustomize: source ?? `overlays/${name}` };
  if (source !== undefined) return chosenSource(tree, project, source, values);
  return values.length > 0 ? valuesSource(tree, project, values) : undefined;
}

/**
 * Writes the overlay's files.
 * @returns what the project must say it deploys otherwise, below its root, if
 *   it would be taken for the overlay
 */
function overlaid(
  tree: Tree,
  project: Project,
  options: ConfigurationGeneratorSchema,
  source: Source | undefined,
): string | undefined {
  const path = String(source?.kustomize);
  const base = writeOverlay(tree, project, { ...options, source: path });
  const { wouldFind } = heldManifests(tree, project);
  const isFound = wouldFind(posix.join(path, 'kustomization.yaml'));
  if (!isFound) ignoreOverlay(tree, project, path);
  const isSaid = declaredDeploy(tree, project)?.options?.source !== undefined;
  return isFound && !isSaid ? posix.relative(project.root, base) : undefined;
}

function isDeployed(
  tree: Tree,
  project: Project,
  source: Source | undefined,
): boolean {
  if (source ?? declaredDeploy(tree, project)?.options?.source) return true;
  return heldManifests(tree, project).files.length > 0;
}
