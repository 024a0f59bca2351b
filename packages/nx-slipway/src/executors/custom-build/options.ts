import { posix, relative, sep } from 'node:path';
import {
  hostPlatform,
  parsePlatform,
  parseReference,
  type Registry,
} from '../../image';
import type { BuildPlan } from '../../build';
import type { Dep } from '../../inputs';
import { parseDuration } from '../duration';
import { assertKnownOptions } from '../../settings';
import { parseRegistry } from '../../settings';
import type { Workspace } from '../workspace';
import type { CustomBuildExecutorSchema } from './schema';
import schema from './schema.json';

/** Nx hands it to every executor. */
const NX_OWN_OPTION = '__unparsed__';

/** The machine and the package, as far as a plan depends on them. */
export interface Here {
  readonly platform: NodeJS.Platform;
  /** As `process.arch` */
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pluginVersion: string;
}

/**
 * Parses the options once, into a plan that cannot be wrong.
 * @throws SLIPWAY_E_OPTION_UNKNOWN, SLIPWAY_E_OPTION_INVALID,
 *   SLIPWAY_E_REF_INVALID
 */
export function planBuild(
  options: CustomBuildExecutorSchema,
  workspace: Workspace,
  here: Here,
): BuildPlan {
  assertKnownOptions(
    Object.keys(options).filter((name) => name !== NX_OWN_OPTION),
    Object.keys(schema.properties),
    'custom-build',
  );
  const imageName = parseReference(options.ref);
  const registry = registryOption(options, workspace);
  const recordFile = recordPath(options, workspace);
  // Empty is what Nx leaves of "{workspaceRoot}".
  const dir = workspace.path('dir', options.dir ?? '.');
  const { envInputs } = workspace;
  return {
    imageName,
    command: commandFor(options, here.platform),
    dir,
    env: options.env ?? {},
    deps: {
      root: workspace.root,
      deps: depsOption(options, workspace),
      ignore: options.ignore ?? [],
      outputs: [recordFile],
    },
    facts: {
      dir: relative(workspace.root, dir).split(sep).join(posix.sep),
      envInputs: Object.fromEntries(
        envInputs.map((name) => [name, here.env[name]]),
      ),
      naming: registry?.naming ?? 'escape',
      singleName: registry?.singleName ?? '',
      pluginVersion: here.pluginVersion,
    },
    platform: options.platform
      ? parsePlatform(options.platform)
      : hostPlatform(here.arch),
    registry,
    push: options.push === 'always' || (options.push !== 'never' && !!registry),
    tagPrefix: workspace.options.tagPrefix,
    timeout:
      options.timeout === undefined
        ? undefined
        : parseDuration(options.timeout, 'timeout'),
    recordFile,
  };
}

/** An empty string turns the workspace's registry off for one image. */
function registryOption(
  { registry }: CustomBuildExecutorSchema,
  workspace: Workspace,
): Registry | undefined {
  return registry === undefined
    ? workspace.options.registry
    : parseRegistry(registry, 'registry');
}

function recordPath(
  { recordFile }: CustomBuildExecutorSchema,
  workspace: Workspace,
): string {
  return recordFile
    ? workspace.path('recordFile', recordFile)
    : workspace.path(
        'recordFile',
        `{workspaceRoot}/.nx/slipway/${workspace.projectName}.json`,
      );
}

function commandFor(
  { command, commandBat }: CustomBuildExecutorSchema,
  platform: NodeJS.Platform,
): string | readonly string[] {
  return platform === 'win32' && commandBat ? commandBat : command;
}

function depsOption(
  { deps }: CustomBuildExecutorSchema,
  workspace: Workspace,
): Dep[] {
  if (deps === undefined) return [{ path: workspace.projectRoot }];
  return deps.flatMap((dep, index) => {
    if (typeof dep === 'string') {
      return [{ path: workspace.path('deps', dep, index) }];
    }
    const { include, exclude } = workspace.filesets(dep.input);
    return include.map((path) => ({ path, except: exclude }));
  });
}
