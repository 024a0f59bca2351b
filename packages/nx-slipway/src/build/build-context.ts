import {
  familiarName,
  isTag,
  parseReference,
  type ImageReference,
  type Pin,
  type Registry,
} from '../image';
import { SlipwayError } from '../report';
import { parseRegistry, type RegistryOption } from '../settings';
import type { BuildPlan } from './plan';

/** The variable by which `slipway` within a build command knows of its build. */
export const BUILD_CONTEXT = 'SLIPWAY_BUILD';

/** What names an image's deploy ref, beside its content. */
export interface BuildContext {
  /** The workspace root. */
  readonly root: string;
  readonly imageName: ImageReference;
  readonly registry?: Registry;
  readonly tagPrefix: string;
  readonly pin: Pin;
}

export function formatBuildContext(plan: BuildPlan): string {
  const { root, imageName, registry, tagPrefix, pin } = plan;
  const ref = familiarName(imageName);
  return JSON.stringify({ root, ref, registry, tagPrefix, pin });
}

/**
 * @param text of the variable, which anybody may have set
 * @returns undefined if it is not as we write it
 */
export function parseBuildContext(text: string): BuildContext | undefined {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    const { root, ref, registry, tagPrefix, pin } = value;
    if (typeof root !== 'string' || typeof ref !== 'string') return undefined;
    if (typeof tagPrefix !== 'string' || !isTag(tagPrefix)) return undefined;
    if (pin !== 'tag' && pin !== 'digest' && pin !== 'both') return undefined;
    return {
      root,
      imageName: parseReference(ref),
      registry: parseRegistry(registry as RegistryOption, BUILD_CONTEXT),
      tagPrefix,
      pin,
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      return undefined;
    }
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
