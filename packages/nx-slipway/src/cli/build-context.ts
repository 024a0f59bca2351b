import { parseReference, type ImageReference } from '../image';
import { SlipwayError } from '../report';
import { workspaceOptions, type WorkspaceOptions } from '../settings';

/** What decides the names of deployed images. */
export interface Naming extends Pick<
  WorkspaceOptions,
  'registry' | 'tagPrefix' | 'pin'
> {
  /** The image that is being built, in a build command. */
  readonly imageName?: ImageReference;
}

const REGISTRY_FIELDS = [
  'host',
  'hostFromCluster',
  'singleName',
  'naming',
  'insecure',
  'caFile',
];

/**
 * Reads SLIPWAY_BUILD, which nx-slipway sets for a build command. Whoever runs
 * the command may have set it too, so it is parsed as nx.json is.
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function parseBuildContext(text: string): Naming {
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
    Object.entries(registry).filter(([name]) => REGISTRY_FIELDS.includes(name)),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
