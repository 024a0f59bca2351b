import { familiarName, parseReference, type ImageReference } from '../image';
import { SlipwayError } from '../report';
import { workspaceOptions, type WorkspaceOptions } from './plugin-options';
import { REGISTRY_OPTIONS } from './registry-option';

/** The variable by which `slipway` within a build command knows of its build. */
export const BUILD_CONTEXT = 'SLIPWAY_BUILD';

/** What decides the names of deployed images. */
export interface DeployNaming extends Pick<
  WorkspaceOptions,
  'registry' | 'tagPrefix' | 'pin'
> {
  /** The image that is being built, in a build command. */
  readonly imageName?: ImageReference;
}

/** @returns the text of the variable */
export function formatBuildContext(
  naming: DeployNaming & { readonly imageName: ImageReference },
): string {
  const { imageName, registry, tagPrefix, pin } = naming;
  return JSON.stringify({
    ref: familiarName(imageName),
    registry: knownFields(registry),
    tagPrefix,
    pin,
  });
}

/**
 * Reads SLIPWAY_BUILD, which nx-slipway sets for a build command. Whoever runs
 * the command may have set it too, so it is parsed as nx.json is.
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function parseBuildContext(text: string): DeployNaming {
  try {
    const context = JSON.parse(text) as unknown;
    if (!isObject(context)) throw new Error('it is no object');
    const { ref, registry, tagPrefix, pin } = context;
    if (typeof ref !== 'string') throw new Error('it has no ref');
    const options = { registry: knownFields(registry), tagPrefix, pin };
    const plugins = [{ plugin: 'nx-slipway', options }];
    return { ...workspaceOptions({ plugins }), imageName: parseReference(ref) };
  } catch (error) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `the variable SLIPWAY_BUILD is not what nx-slipway sets: ${(error as Error).message}`,
      hint: 'Leave it alone in build commands, and unset it elsewhere.',
      cause: error,
    });
  }
}

/** A registry that was detected says also where. */
function knownFields(registry: unknown): unknown {
  if (!isObject(registry)) return registry;
  return Object.fromEntries(
    Object.entries(registry).filter(([name]) =>
      REGISTRY_OPTIONS.includes(name),
    ),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
