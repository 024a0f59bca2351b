import { join, posix } from 'node:path';
import { bytesOf, realPathOf, textOf } from '../disk';
import { Folders, GitIgnore } from '../inputs';
import { isObject } from '../locate';
import type { WorkspaceOptions } from '../settings';
import { deployOrder } from './after';
import type { DeclaredProject } from './declared';
import { Nesting } from './filesets';
import type { NxJson } from './nx-json';
import { interpolated } from './option-path';
import type { GraphRun } from './run';

/** @param root of the workspace, absolute */
export function graphRun(
  root: string,
  nxJson: NxJson,
  projects: readonly DeclaredProject[],
  { targetNames, locators, manifests }: WorkspaceOptions,
): GraphRun {
  const folders = new Folders();
  const isThere = (path: string) => folders.entry(path) !== undefined;
  return {
    nxJson,
    disk: {
      root,
      realRoot: realPathOf(root),
      real: new Map(),
      git: new GitIgnore(root, isThere),
      folders,
    },
    nesting: new Nesting(projects.map((project) => project.root)),
    names: targetNames,
    locators,
    arch: process.arch,
    isInstalled: isInstalled(root),
    deployedBefore: deployOrder(projects, targetNames.deploy),
    manifestsOf: (project) =>
      manifests.map((glob) => manifestGlob(glob, project)),
  };
}

/** Relative to the project's root. */
function manifestGlob(glob: string, project: DeclaredProject): string {
  if (glob.startsWith('{projectRoot}/')) {
    const rest = glob.slice('{projectRoot}/'.length);
    return interpolated(rest, project);
  }
  const path = interpolated(glob.replace(/^\{workspaceRoot\}\/?/, ''), project);
  return posix.relative(project.root, path);
}

const PACKAGE = 'nx-slipway';
const LOCK_FILES = [
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
];

/**
 * Whether Nx knows this package by a lock file. Of one that it does not know
 * it refuses to hash any target that names it.
 */
function isInstalled(root: string): boolean {
  return [root, join(root, '.nx', 'installation')].some(
    (folder) =>
      isListed(join(folder, 'package.json')) &&
      LOCK_FILES.some((file) => mentionsUs(join(folder, file))),
  );
}

/** It may be older than package.json; that of bun is no text. */
function mentionsUs(lockFile: string): boolean {
  try {
    return bytesOf(lockFile).includes(PACKAGE);
  } catch {
    return false;
  }
}

function isListed(file: string): boolean {
  try {
    const value: unknown = JSON.parse(textOf(file));
    if (!isObject(value)) return false;
    const { dependencies, devDependencies } = value;
    return PACKAGE in { ...Object(dependencies), ...Object(devDependencies) };
  } catch {
    // None, or one that npm refuses anyway.
    return false;
  }
}
