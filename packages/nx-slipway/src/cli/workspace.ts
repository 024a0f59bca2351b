import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { existsSync, readFileSync } from 'node:fs';
import type { ExecutorContext, ProjectGraph, Tree } from '@nx/devkit';
import { SlipwayError } from '../report';
import {
  parseRegistry,
  workspaceOptions,
  type WorkspaceOptions,
} from '../settings';
import type { Registry } from '../image';
import type { Arguments } from './arguments';
import type { Terminal } from './terminal';
import { usageError } from './usage-error';

/**
 * The root of the workspace: the folder of --workspace, else the nearest one
 * upwards that has an nx.json.
 * @returns undefined outside of any
 * @throws SLIPWAY_E_USAGE if the named folder has none
 */
export async function workspaceRoot(
  args: Arguments,
  { cwd }: Pick<Terminal, 'cwd'>,
): Promise<string | undefined> {
  const named = args.text('workspace');
  if (named === undefined) return rootAbove(cwd);
  const root = resolve(cwd, named);
  if (await hasNxJson(root)) return root;
  throw usageError(
    `--workspace is ${named}, where there is no nx.json.`,
    'Name the root of an Nx workspace.',
  );
}

/** @throws SLIPWAY_E_USAGE outside of any */
export async function neededRoot(
  args: Arguments,
  terminal: Pick<Terminal, 'cwd'>,
): Promise<string> {
  const root = await workspaceRoot(args, terminal);
  if (root !== undefined) return root;
  throw usageError(
    'there is no Nx workspace here.',
    'Run it below the folder of nx.json, or name that by --workspace.',
  );
}

export async function rootAbove(folder: string): Promise<string | undefined> {
  if (await hasNxJson(folder)) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : rootAbove(parent);
}

async function hasNxJson(folder: string): Promise<boolean> {
  try {
    await access(join(folder, 'nx.json'));
    return true;
  } catch {
    // Not there or not for us: no workspace either way.
    return false;
  }
}

/**
 * The plugin's options as Nx reads them, `extends` included, or its defaults
 * outside of a workspace.
 * @throws SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_OPTION_UNKNOWN
 */
export async function optionsOf(
  root: string | undefined,
): Promise<WorkspaceOptions> {
  if (root === undefined) return workspaceOptions({});
  const { readNxJson } = await loadDevkit(root);
  try {
    const options = workspaceOptions(readNxJson(readOnlyTree(root)) ?? {});
    return {
      ...options,
      registry: options.registry && withAbsoluteFiles(options.registry, root),
    };
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `${join(root, 'nx.json')} could not be read: ${(error as Error).message}`,
      hint: 'Repair it; npx nx report must work, too.',
      cause: error,
    });
  }
}

/**
 * The projects of the workspace and their targets, as Nx knows them.
 * @throws SLIPWAY_E_OPTION_INVALID if some project's configuration is wrong
 */
export async function projectGraph(root: string): Promise<ProjectGraph> {
  const { createProjectGraphAsync } = await loadDevkit(root);
  try {
    return await createProjectGraphAsync({ exitOnError: false });
  } catch (error) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `Nx could not read the projects of ${root}: ${(error as Error).message}`,
      hint: 'npx nx show projects tells more.',
      cause: error,
    });
  }
}

/**
 * What Nx hands to executors, as far as it is the same for all of them.
 * @throws SLIPWAY_E_OPTION_INVALID if some project's configuration is wrong
 */
export async function executorContext(
  root: string,
  configurationName?: string,
): Promise<ExecutorContext> {
  const { readNxJson } = await loadDevkit(root);
  const graph = await projectGraph(root);
  const projects = Object.values(graph.nodes).map(
    ({ name, data }) => [name, data] as const,
  );
  return {
    root,
    cwd: root,
    isVerbose: false,
    configurationName,
    projectsConfigurations: {
      version: 2,
      projects: Object.fromEntries(projects),
    },
    nxJsonConfiguration: readNxJson(readOnlyTree(root)) ?? {},
    projectGraph: graph,
  };
}

/**
 * The registry of --registry. One that is in force by that host keeps what
 * else is known of it.
 * @throws SLIPWAY_E_USAGE
 */
export function registryIn(
  args: Arguments,
  inForce: Registry | undefined,
): Registry | undefined {
  const host = args.text('registry');
  if (host === undefined || host === inForce?.host) return inForce;
  try {
    return parseRegistry(host, '--registry');
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw usageError(error.message, error.hint ?? '');
  }
}

/** @param root what a relative `caFile` is relative to */
export function withAbsoluteFiles(registry: Registry, root: string): Registry {
  const { caFile } = registry;
  return { ...registry, caFile: caFile && resolve(root, caFile) };
}

/**
 * The same as Nx last made it: within a run of Nx that is the one it runs by,
 * and there is nothing to wait for.
 * @throws SLIPWAY_E_OPTION_INVALID if some project's configuration is wrong
 */
export async function lastProjectGraph(root: string): Promise<ProjectGraph> {
  const { readCachedProjectGraph } = await loadDevkit(root);
  try {
    return readCachedProjectGraph();
  } catch {
    // Nx has made none yet, or one of another version.
    return projectGraph(root);
  }
}

/** Nx takes a second to load, so only what needs it does so. */
async function loadDevkit(root: string) {
  // Else it looks for a workspace around the current folder.
  process.env.NX_WORKSPACE_ROOT_PATH = root;
  try {
    return await import('@nx/devkit');
  } catch (error) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `${root} is an Nx workspace, but @nx/devkit could not be loaded: ${(error as Error).message}`,
      hint: 'Install the dependencies of the workspace.',
      cause: error,
    });
  }
}

/** As much of a Tree as readNxJson reads; nothing is ever written to it. */
function readOnlyTree(root: string): Tree {
  const at = (path: string) => resolve(root, path);
  const tree = {
    root,
    exists: (path: string) => existsSync(at(path)),
    read: (path: string, encoding: BufferEncoding) =>
      readFileSync(at(path), encoding),
  };
  return tree as unknown as Tree;
}
