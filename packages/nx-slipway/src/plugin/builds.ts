import {
  canonicalName,
  formatReference,
  referenceIn,
  type ImageReference,
} from '../image';
import { CUSTOM_BUILD, NO_BUILD } from '../settings';
import {
  variantsOf,
  type DeclaredProject,
  type DeclaredTarget,
  type Options,
} from './declared';
import { interpolated } from './option-path';

/** A target that builds an image, as it is declared. */
export interface DeclaredBuild {
  readonly project: DeclaredProject;
  readonly target: DeclaredTarget;
  /** The options of each configuration. */
  readonly variants: readonly Options[];
  /** The names in `ref`, each once; none if none of them is one. */
  readonly images: readonly ImageReference[];
  /** Whether a command makes it: an image may be live-updated alone. */
  readonly isBuilt: boolean;
  readonly matchInEnvVars: boolean;
  /** Names of `imageDeps`, each once. */
  readonly parents: readonly ImageReference[];
}

export function buildsIn(projects: readonly DeclaredProject[]) {
  return projects.flatMap((project) =>
    [...project.targets.values()]
      .filter(({ executor }) => executor === CUSTOM_BUILD)
      .map((target) => declaredBuild(project, target))
      // One that has no more than its name may be another plugin's.
      .filter(
        ({ target, images, isBuilt }) =>
          !target.isImplied || images.length > 0 || isBuilt,
      ),
  );
}

function declaredBuild(
  project: DeclaredProject,
  target: DeclaredTarget,
): DeclaredBuild {
  const variants = variantsOf(target);
  const isFlagged = (name: string) =>
    variants.some((options) => options[name] === true);
  return {
    project,
    target,
    variants,
    images: onceEach(
      variants.map(({ ref }) => ref),
      project,
      formatReference,
    ),
    isBuilt: variants.some(
      ({ command }) => command !== undefined && command !== NO_BUILD,
    ),
    matchInEnvVars: isFlagged('matchInEnvVars'),
    parents: onceEach(
      variants.flatMap(({ imageDeps }) =>
        Array.isArray(imageDeps) ? (imageDeps as unknown[]) : [],
      ),
      project,
      canonicalName,
    ),
  };
}

/** What is no ref is told by the target's own run. */
function onceEach(
  texts: readonly unknown[],
  project: DeclaredProject,
  key: (ref: ImageReference) => string,
): ImageReference[] {
  const refs = texts.flatMap((text) => {
    const ref =
      typeof text === 'string' && referenceIn(interpolated(text, project));
    return ref || [];
  });
  return [...new Map(refs.map((ref) => [key(ref), ref])).values()];
}

/** As `nx run` takes it. */
export function taskOf({ project, target }: DeclaredBuild): string {
  return `${project.name}:${target.name}`;
}
