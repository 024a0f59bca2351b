import type * as PackageJsonPlugin from 'nx/src/plugins/package-json/create-nodes';

/**
 * The parts of Nx that are asked at graph time and are not public, each where
 * it was from 22.7.12 to 24.0.6. Nothing of @nx/devkit is loaded: that takes
 * 250 ms, and the worker that runs us has these already.
 * @returns undefined where Nx has moved it, which must not stop every command
 */
function optional<T>(load: () => T): T | undefined {
  try {
    return load();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isMoved = /^(?:MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED)$/;
    if (isMoved.test(code)) return undefined;
    throw error;
  }
}

/** Whether a package.json, by its path below the root, is a workspace's. */
export function workspacePackages(
  root: string,
  readJson: (path: string) => unknown,
): (path: string) => boolean {
  const nx = optional(
    () =>
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may not be there
      require('nx/src/plugins/package-json/create-nodes') as typeof PackageJsonPlugin,
  );
  if (!nx) return () => false;
  const patterns = nx.buildPackageJsonPatterns(root, readJson as never);
  return nx.buildPackageJsonWorkspacesMatcher(patterns) as (
    path: string,
  ) => boolean;
}

/** The folder of what Nx remembers of this workspace; never an input. */
export function workspaceDataFolder(): string | undefined {
  return optional(
    () =>
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may not be there
      require('nx/src/utils/cache-directory') as {
        workspaceDataDirectory?: string;
      },
  )?.workspaceDataDirectory;
}

/** A text of JSON with comments, as Nx reads project.json. @throws if it is none */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const nx = optional(
      () =>
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may not be there
        require('nx/src/utils/json') as {
          parseJson?: (text: string) => unknown;
        },
    );
    if (!nx?.parseJson) throw error;
    return nx.parseJson(text);
  }
}

/** Of the workspace's own Nx. */
export function nxVersion(): string {
  const nx = optional(
    () =>
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- of the workspace's own version
      require('nx/package.json') as { version?: string },
  );
  return nx?.version ?? '0';
}

const FIRST_WITH_SPREAD = 23;

/** Whether `...` in a list of project.json stands for what is inferred. */
export function readsSpread(): boolean {
  return Number.parseInt(nxVersion(), 10) >= FIRST_WITH_SPREAD;
}
