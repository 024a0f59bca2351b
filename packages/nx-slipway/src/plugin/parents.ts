import type { TargetDependencyConfig } from '@nx/devkit';
import { isObject } from '../locate';
import { taskOf, type DeclaredBuild } from './builds';
import type { DeclaredProject } from './declared';
import type { ImageIndex } from './image-index';
import { readsSpread } from './nx-internals';
import { optionPath } from './option-path';

/** What `imageDeps` come to in the graph. */
export interface Parents {
  /** The targets that build them. */
  readonly builds: readonly DeclaredBuild[];
  readonly dependsOn: readonly TargetDependencyConfig[];
  /** Below the workspace root: their records, which say what is in them. */
  readonly records: readonly string[];
  readonly uncached: readonly string[];
}

/**
 * The images that one is built on. Nobody's images, those of two, and circles
 * are left out: the target's own run tells of them.
 */
export function parentsOf(build: DeclaredBuild, index: ImageIndex): Parents {
  const builds = build.parents.flatMap((name) => {
    const parent = index.named(name);
    return parent && !leadsTo(parent, build, index) ? parent : [];
  });
  const { dependsOn } = build.target;
  // Nx takes what the user wrote in place of ours, unless it says `...`, which
  // it reads since version 23.
  const isOurs =
    dependsOn === undefined || (dependsOn.includes('...') && readsSpread());
  const missing = isOurs
    ? []
    : builds.filter((parent) => !names(dependsOn, parent, build.project));
  return {
    builds,
    dependsOn: pairs(builds),
    records: builds
      .filter((parent) => !missing.includes(parent))
      .flatMap(recordsOf),
    uncached: missing.map(
      (parent) =>
        `it is built on ${taskOf(parent)}, which its dependsOn does not name: add ${JSON.stringify(pairs([parent])[0])}`,
    ),
  };
}

/** One entry for each name of a target, so that it is read at a glance. */
export function pairs(
  builds: readonly DeclaredBuild[],
): TargetDependencyConfig[] {
  const projects = new Map<string, string[]>();
  for (const { project, target } of builds) {
    const known = projects.get(target.name) ?? [];
    projects.set(target.name, [...known, project.name]);
  }
  return [...projects].map(([target, names]) => ({
    projects: [...new Set(names)].sort(),
    target,
  }));
}

function leadsTo(
  from: DeclaredBuild,
  to: DeclaredBuild,
  index: ImageIndex,
  seen = new Set<DeclaredBuild>(),
): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return from.parents.some((name) => {
    const next = index.named(name);
    return next !== undefined && leadsTo(next, to, index, seen);
  });
}

function names(
  dependsOn: readonly unknown[],
  parent: DeclaredBuild,
  { name }: DeclaredProject,
): boolean {
  const { project, target } = parent;
  return dependsOn.some((entry) => {
    // A name alone is a target of the same project.
    if (typeof entry === 'string') {
      return entry === target.name && project.name === name;
    }
    return (
      isObject(entry) &&
      entry.target === target.name &&
      [entry.projects].flat().includes(project.name)
    );
  });
}

function recordsOf({ project, variants }: DeclaredBuild): string[] {
  const files = variants.map(({ recordFile }) =>
    typeof recordFile === 'string'
      ? optionPath(recordFile, project)
      : `.nx/slipway/${project.name}.json`,
  );
  return [...new Set(files)].filter((file) => file !== undefined);
}
