import type { ExecutorContext } from '@nx/devkit';
import { canonicalName, referenceIn, type ImageReference } from '../../image';
import { CUSTOM_BUILD } from '../../settings';
import { targetsIn, type TargetIn } from '../targets-in';
import type { CustomBuildExecutorSchema } from './schema';

/** A target that builds an image. */
export type Owner = TargetIn<CustomBuildExecutorSchema>;

/** Every target of the workspace that builds an image. */
export function ownersIn(context: ExecutorContext): Owner[] {
  return targetsIn<CustomBuildExecutorSchema>(context, CUSTOM_BUILD);
}

/** Those of them that build an image of that name, whatever its tag. */
export function ownersNamed(
  name: ImageReference,
  owners: readonly Owner[],
): Owner[] {
  return owners.filter(({ options }) => {
    // What is no name is another's; its own run will say what is wrong.
    const found = referenceIn(options.ref);
    return found && canonicalName(found) === canonicalName(name);
  });
}
