import { posix, relative, sep } from 'node:path';
import {
  canonicalName,
  hostPlatform,
  parsePlatform,
  parseReference,
  type Registry,
} from '../../image';
import type { BuildPlan } from '../../build';
import { parseDuration } from '../duration';
import { SlipwayError } from '../../report';
import { parseRegistry } from '../../settings';
import { assertOptionNames } from '../known-names';
import type { Workspace } from '../workspace';
import { depSelection, recordFileOption, writtenFiles } from './dep-selection';
import { imageUseOptions } from './injection';
import { assertLiveUpdate } from './live-update';
import { assertNoConflict, outputMode } from './output-mode';
import type { CustomBuildExecutorSchema } from './schema';
import schema from './schema.json';

const DEFAULT_KEEP = 5;

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
 * @param detected the registry that the cluster of `context` announces
 * @throws SLIPWAY_E_OPTION_UNKNOWN, SLIPWAY_E_OPTION_INVALID,
 *   SLIPWAY_E_OPTION_CONFLICT, SLIPWAY_E_REF_INVALID
 */
export function planBuild(
  options: CustomBuildExecutorSchema,
  workspace: Workspace,
  here: Here,
  detected?: Registry,
): BuildPlan {
  assertOptionNames(options, schema, 'custom-build');
  // They change manifests alone; what is wrong with them is told here too.
  imageUseOptions(options);
  const imageName = refOption(options);
  const registry = registryOption(options, workspace) ?? detected;
  const recordFile = recordFileOption(options, workspace);
  const output = outputMode(options, workspace);
  const { store, source } = output;
  assertNoConflict(options, { ...output, imageName, registry });
  // Empty is what Nx leaves of "{workspaceRoot}".
  const dir = workspace.path('dir', options.dir ?? '.');
  const fromRoot = (path: string) =>
    relative(workspace.root, path).split(sep).join(posix.sep);
  const written = writtenFiles(options, workspace);
  const deps = depSelection(options, workspace);
  assertLiveUpdate(options, workspace, deps);
  return {
    root: workspace.root,
    imageName,
    command: commandFor(options, here.platform),
    dir,
    env: options.env ?? {},
    deps,
    facts: {
      dir: fromRoot(dir),
      envInputs: Object.fromEntries(
        workspace.envInputs.map((name) => [name, here.env[name]]),
      ),
      store,
      tag: options.tag ?? '',
      output: written.map(fromRoot).join(),
      naming: registry?.naming ?? 'escape',
      singleName: registry?.singleName ?? '',
      pluginVersion: here.pluginVersion,
    },
    platform: options.platform
      ? parsePlatform(options.platform)
      : hostPlatform(here.arch),
    store,
    source,
    imageDeps: imageDepsOption(options),
    registry,
    push: options.push === 'always' || (options.push !== 'never' && !!registry),
    pin: workspace.options.pin,
    tagPrefix: workspace.options.tagPrefix,
    keep: keepOption(options),
    timeout:
      options.timeout === undefined
        ? undefined
        : parseDuration(options.timeout, 'timeout'),
    recordFile,
  };
}

/** @throws SLIPWAY_E_REF_INVALID */
function refOption({ ref }: CustomBuildExecutorSchema) {
  const { digest, ...imageName } = parseReference(ref);
  if (digest === undefined) return imageName;
  throw new SlipwayError({
    code: 'SLIPWAY_E_REF_INVALID',
    message: `ref is "${ref}": what is built here has no digest before it is built.`,
    hint: 'Write the name alone, as your manifests have it.',
  });
}

/** By their names, each once, in the order of the option. */
function imageDepsOption({ imageDeps = [] }: CustomBuildExecutorSchema) {
  const refs = imageDeps.map((text) => parseReference(text));
  return [...new Map(refs.map((ref) => [canonicalName(ref), ref])).values()];
}

/**
 * The registry that somebody has written down; an empty string turns the
 * workspace's off for one image.
 */
export function registryOption(
  { registry }: Pick<CustomBuildExecutorSchema, 'registry'>,
  workspace: Workspace,
): Registry | undefined {
  return registry === undefined
    ? workspace.options.registry
    : parseRegistry(registry, 'registry');
}

/** Nx looks at no `minimum` of a schema. */
function keepOption({ keep = DEFAULT_KEEP }: CustomBuildExecutorSchema) {
  if (Number.isSafeInteger(keep) && keep >= 1) return keep;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `keep is ${keep}, which is no number of tags.`,
    hint: 'Write a whole number, 1 or more: the tag that was just built stays.',
  });
}

function commandFor(
  { command, commandBat }: CustomBuildExecutorSchema,
  platform: NodeJS.Platform,
): string | readonly string[] {
  const chosen = platform === 'win32' && commandBat ? commandBat : command;
  if (typeof chosen !== 'string' || chosen.trim() !== '') return chosen;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: 'command is empty.',
    hint: 'Write what builds the image, or ":" for an image that nothing builds here.',
  });
}
