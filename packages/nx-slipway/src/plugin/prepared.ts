import { join, posix } from 'node:path';
import { outputMakes } from '../inputs';
import { isObject } from '../locate';
import type { DeclaredBuild } from './builds';
import type { DeclaredProject, DeclaredTarget } from './declared';
import { optionPath } from './option-path';
import type { Disk } from './resolve-dep';

export interface Prepared {
  /** Paths below the root that a task in `dependsOn` makes, as far as one can tell. */
  readonly made: readonly string[];
  readonly uncached: readonly string[];
}

/**
 * What git ignores Nx sees only as the output of a task that runs before
 * (design 2.1). Outputs that another plugin infers are not known here: the
 * executor looks again, and fails before anything stale is cached.
 */
export function preparedBy(
  { project, target: { dependsOn = [] } }: DeclaredBuild,
  paths: readonly string[],
  disk: Disk,
): Prepared {
  const outputs = dependsOn.map((entry) => outputsOf(entry, project));
  const made = paths.filter((path) =>
    outputs.some(
      (known) =>
        known === 'unknown' ||
        known.some((output) => outputMakes(output, path, isFolder(path, disk))),
    ),
  );
  const uncached = paths
    .filter((path) => !made.includes(path))
    .map(
      (path) =>
        `git ignores ${path}, which deps names, and it is no output of a target in dependsOn`,
    );
  return { made, uncached };
}

/** Of what is not there yet, its name must do: `dist`, `app.tgz`. */
function isFolder(path: string, { root, folders }: Disk): boolean {
  const entry = folders.entry(join(root, path));
  return entry ? entry.isDirectory() : posix.extname(path) === '';
}

/** Paths and globs below the root, of a target whose outputs stand where it is declared. */
function outputsOf(
  entry: unknown,
  project: DeclaredProject,
): readonly string[] | 'unknown' {
  const name = ownTargetOf(entry, project);
  const target = name === undefined ? undefined : project.targets.get(name);
  const outputs = target?.outputs;
  if (!target || !outputs) return 'unknown';
  return outputs.flatMap((output) => {
    const text = withOptions(String(output), target);
    // What an option begins with counts from the root, as builders have it.
    const fromRoot = text === output ? text : `{workspaceRoot}/${text}`;
    const path = TOKEN.test(text) ? text : fromRoot;
    if (!TOKEN.test(path)) return [];
    return optionPath(path.replace(/^\{projectRoot\}\/?/, ''), project) ?? [];
  });
}

const TOKEN = /^\{(?:workspaceRoot|projectRoot)\}/;

/** @returns undefined for targets of other projects */
function ownTargetOf(
  entry: unknown,
  { name }: DeclaredProject,
): string | undefined {
  if (typeof entry === 'string')
    return /^[\^*]/.test(entry) ? undefined : entry;
  if (!isObject(entry) || typeof entry.target !== 'string') return undefined;
  const { projects, dependencies, target } = entry;
  const isOwn =
    !dependencies &&
    (projects === undefined ||
      projects === 'self' ||
      [projects].flat().includes(name));
  return isOwn ? target : undefined;
}

function withOptions(output: string, { options }: DeclaredTarget): string {
  return output.replace(/\{options\.([^}]+)\}/g, (token, key: string) => {
    const value = options[key];
    return typeof value === 'string' ? value : token;
  });
}
