import { posix } from 'node:path';

const WORKSPACE = '{workspaceRoot}';

/** Where options stand that are being read. */
export interface Site {
  /** Of the project. */
  readonly root: string;
  readonly name: string;
}

/** A text of an option as Nx hands it on, but for `{workspaceRoot}`. */
export function interpolated(text: string, { root, name }: Site): string {
  return text
    .replaceAll('{projectRoot}', root)
    .replaceAll('{projectName}', name);
}

/**
 * The path of an option, below the workspace root: relative to the project's
 * unless it starts with `{workspaceRoot}`, as the executors take it.
 * @returns undefined if it leads out of the workspace; '' is its root
 */
export function optionPath(text: string, site: Site): string | undefined {
  const isFromRoot = text.startsWith(WORKSPACE);
  const rest = interpolated(text.replace(WORKSPACE, ''), site);
  const path = posix
    .join(isFromRoot ? '.' : site.root, rest)
    .replace(/^\/+|\/+$/g, '');
  if (path === '.') return '';
  return path === '..' || path.startsWith('../') ? undefined : path;
}
