import {
  getProjects,
  readJson,
  writeJson,
  type ProjectConfiguration,
  type TargetConfiguration,
  type Tree,
} from '@nx/devkit';
import { SlipwayError } from '../../report';
import { graphOf } from './graph-of';
import type { Project } from './project-of';
import { impliedExecutor } from './target-names';

/** As project.json has it. */
export interface Target extends Omit<TargetConfiguration, 'configurations'> {
  options?: Record<string, unknown>;
  configurations?: Record<string, Record<string, unknown>>;
}
type Targets = Record<string, Target>;

/** What holds targets: a project.json, or a package.json below `nx`. */
interface Holder {
  name?: string;
  targets?: Targets;
}

/**
 * Writes a target into what declares the project. One of the same executor
 * keeps what it has beside what is given; one of another is left alone.
 * @param config may leave the executor to the plugin, where the name implies it
 * @throws SLIPWAY_E_EXISTS for a target of another executor
 */
export function addTarget(
  tree: Tree,
  project: Project,
  name: string,
  config: Target,
): void {
  assertFree(tree, project, name, config.executor);
  const { path, isPackage } = fileOf(tree, project);
  const json = tree.exists(path)
    ? readJson<Holder & { nx?: Holder }>(tree, path)
    : { name: project.name };
  const holder: Holder = isPackage ? (json.nx ?? {}) : json;
  const there = holder.targets?.[name];
  const merged = there ? joined(there, config) : config;
  // A file that is as it should be is not written, so that nobody formats it.
  if (JSON.stringify(there) === JSON.stringify(merged)) return;
  const targets = sortedIn(holder.targets ?? {}, name, merged);
  const full = { ...holder, targets };
  writeJson(tree, path, isPackage ? { ...json, nx: full } : full);
}

function assertFree(
  tree: Tree,
  project: Project,
  name: string,
  executor = impliedExecutor(tree, name),
): void {
  const there = executorThere(tree, project, name);
  if (there === undefined || there === executor) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_EXISTS',
    message: `the project ${project.name} has a target "${name}" already, which runs ${there} and not ${executor ?? 'what is to be written'}`,
    hint: 'Rename or remove it. Or have nx-slipway call its own target something else, by targetNames in its options in nx.json: { "deploy": "k8s-deploy" }.',
  });
}

/** Of a target that is declared, or that another plugin infers. */
export function executorThere(
  tree: Tree,
  project: Project,
  name: string,
): string | undefined {
  const declared = declaredOf(tree, project)?.targets?.[name];
  if (declared?.executor) return declared.executor;
  if (declared?.command) return 'nx:run-commands';
  const inferred = graphOf(tree).get(project.name)?.targets?.[name];
  return inferred?.executor ?? (declared && impliedExecutor(tree, name));
}

function declaredOf(
  tree: Tree,
  { name }: Project,
): ProjectConfiguration | undefined {
  return getProjects(tree).get(name);
}

/** Where the targets of a project are written. */
function fileOf(tree: Tree, project: Project) {
  const path = `${project.root}/project.json`.replace(/^\.\//, '');
  const isPackage =
    !tree.exists(path) && declaredOf(tree, project) !== undefined;
  return {
    path: isPackage ? path.replace(/project\.json$/, 'package.json') : path,
    isPackage,
  };
}

function joined(there: Target, given: Target): Target {
  const { options, configurations } = there;
  const merged: Target = { ...there, ...given };
  if (options ?? given.options) {
    merged.options = { ...options, ...given.options };
  }
  if (configurations ?? given.configurations) {
    merged.configurations = { ...configurations };
    for (const [key, more] of Object.entries(given.configurations ?? {})) {
      merged.configurations[key] = { ...configurations?.[key], ...more };
    }
  }
  return merged;
}

/** Before the first that comes after it; the others stay where they are. */
function sortedIn(targets: Targets, name: string, target: Target): Targets {
  if (name in targets) return { ...targets, [name]: target };
  const entries = Object.entries(targets);
  const next = entries.findIndex(([other]) => other > name);
  entries.splice(next < 0 ? entries.length : next, 0, [name, target]);
  return Object.fromEntries(entries);
}
