import { dirname, relative } from 'node:path';
import { textOf } from '../disk';
import { toPosix } from './source-error';
import { compiled, filesMatching, leaveOut } from './walk';

/** A project, by what globs of manifests say of it. */
export interface GlobOwner {
  readonly name: string;
  /** Below the workspace root; `.` is that itself. */
  readonly root: string;
}

/** What every object has, at the beginning of a line. */
const OBJECT = [/^apiVersion:/m, /^kind:/m];

/**
 * Manifests that lie where a project's would, and that no project holds: nobody
 * deploys them. Below the workspace root, sorted.
 * @param globs of the option `manifests`, with their tokens
 */
export function unownedManifests(
  workspaceRoot: string,
  globs: readonly string[],
  projects: readonly GlobOwner[],
): string[] {
  const anywhere = globs.map((glob) =>
    withoutRoot(glob)
      .replaceAll('{projectRoot}', '**')
      .replaceAll('{projectName}', '*'),
  );
  const byRoot = new Map(projects.map((one) => [one.root, one]));
  return [...filesMatching(workspaceRoot, anywhere, leaveOut)]
    .filter((file) => isObject(file))
    .map((file) => toPosix(relative(workspaceRoot, file)))
    .filter((file) => {
      const around = foldersAbove(file).flatMap(
        (root) => byRoot.get(root) ?? [],
      );
      return ![...around, ...projects].some((owner) =>
        compiled(globs.map((glob) => globOf(glob, owner))).matches(file),
      );
    })
    .sort();
}

function withoutRoot(glob: string): string {
  return glob.replace(/^\{workspaceRoot\}\/?/, '');
}

function globOf(glob: string, { root, name }: GlobOwner): string {
  const path = withoutRoot(glob).replaceAll('{projectName}', name);
  return root === '.'
    ? path.replaceAll('{projectRoot}/', '')
    : path.replaceAll('{projectRoot}', root);
}

function foldersAbove(file: string): string[] {
  const folder = dirname(file);
  return folder === '.' ? ['.'] : [folder, ...foldersAbove(folder)];
}

function isObject(file: string): boolean {
  try {
    const text = textOf(file);
    return OBJECT.every((line) => line.test(text));
  } catch {
    // Not for us, or gone.
    return false;
  }
}
