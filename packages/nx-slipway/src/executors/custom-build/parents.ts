import type { ExecutorContext } from '@nx/devkit';
import {
  buildImage,
  currentImage,
  hashInputs,
  isInDocker,
  isInRegistry,
  type BuildPlan,
  type BuildSystems,
  type CurrentImage,
  type Parent,
} from '../../build';
import {
  familiarName,
  formatReference,
  parseReference,
  type ImageReference,
} from '../../image';
import { SlipwayError, nearest, type Secrets } from '../../report';
import { workspaceOf } from '../workspace';
import { contextParts } from './context';
import { ownersIn, ownersNamed, type Owner } from './owners';
import { assertOwnRecord } from './own-record';
import { NO_BUILD, type PlanOf } from './planner';

/** Who asks for images, and with what they are looked for and built. */
export interface ImageRun {
  readonly context: ExecutorContext;
  /** Plans another target's build as its own executor would. */
  readonly planOf: PlanOf;
  readonly systems: BuildSystems;
  readonly secrets: Secrets;
}

export interface EnsuredImage {
  readonly plan: BuildPlan;
  readonly image: CurrentImage;
  /** Whether it had to be built. */
  readonly built: boolean;
}

/**
 * The images of `imageDeps`, each standing where the command can pull it. Nx
 * has run their targets before, or restored their records from a cache; what
 * is not there, or was built of other inputs, is built here.
 * @param trail of the images that need this one
 * @throws SLIPWAY_E_IMAGE_DEPS
 */
export async function resolveParents(
  plan: BuildPlan,
  run: ImageRun,
  trail: readonly string[] = [],
): Promise<Parent[]> {
  const name = familiarName(plan.imageName);
  const path = [...trail, name];
  const parents: Parent[] = [];
  for (const dep of plan.imageDeps) {
    if (path.includes(familiarName(dep))) {
      throw invalid(
        `imageDeps go in a circle: ${[...path, familiarName(dep)].join(' needs ')}`,
        'An image cannot be built on itself. Take one of them out.',
      );
    }
    const owner = ownerOf(dep, name, run.context);
    const { image, plan: ofOwner } = await ensureImage(owner, run, path);
    parents.push(parentOf(dep, image, ofOwner, plan));
  }
  return parents;
}

/**
 * The image of a target as its inputs are now: the one that stands where it is
 * deployed from, or one that is built now.
 * @throws SLIPWAY_E_IMAGE_DEPS, and whatever a build throws
 */
export async function ensureImage(
  owner: Owner,
  run: ImageRun,
  trail: readonly string[] = [],
): Promise<EnsuredImage> {
  const { planOf } = run;
  const systems = await systemsFor(owner, run);
  const plan = await planOf(owner.options, owner.context);
  const task = `${owner.project}:${owner.target}`;
  const name = familiarName(plan.imageName);
  if (plan.command === NO_BUILD) {
    throw invalid(
      `${name} is needed, and the command of ${task} is ":", which builds nothing`,
      'Give it a command, or leave the image out of imageDeps.',
    );
  }
  const parents = await resolveParents(plan, run, trail);
  const hash = await hashInputs(plan, parents);
  const standing = await currentImage(plan, hash, systems);
  if (standing) return { plan, image: standing, built: false };
  systems.reporter.info(`${name} is not there: running ${task}`);
  assertOwnRecord(owner.options, owner.context);
  const image = await buildImage(plan, parents, systems);
  return { plan, image, built: true };
}

/** Its command talks to the context that its own options name. */
async function systemsFor(
  { options, context }: Owner,
  { systems, secrets }: ImageRun,
): Promise<BuildSystems> {
  if (options.context === undefined) return systems;
  const { reporter, signal } = systems;
  const workspace = workspaceOf(context);
  const parts = { workspace, reporter, signal, secrets };
  return { ...systems, ...(await contextParts(options.context, parts)) };
}

/** The one target of the workspace that builds an image of that name. */
function ownerOf(
  dep: ImageReference,
  name: string,
  context: ExecutorContext,
): Owner {
  const all = ownersIn(context);
  const [owner, ...others] = ownersNamed(dep, all);
  if (owner && others.length === 0) return owner;
  const shown = familiarName(dep);
  if (!owner) {
    throw invalid(
      `${name} has "${shown}" in imageDeps, but no custom-build of this workspace builds it`,
      `${likely(shown, all)}Write it as that image's own ref does; an image from elsewhere needs no entry.`,
    );
  }
  const targets = [owner, ...others].map(
    ({ project, target }) => `${project}:${target}`,
  );
  throw invalid(
    `${name} has "${shown}" in imageDeps, which ${targets.join(' and ')} both build`,
    'Give each image a name of its own.',
  );
}

/** Many write the project's name, which need not be the image's. */
function likely(name: string, owners: readonly Owner[]): string {
  const named = owners.find(({ project }) => project === name);
  if (named) {
    return `Project ${name} builds "${String(named.options.ref)}": did you mean that? `;
  }
  const refs = owners.flatMap(({ options }) => options.ref || []);
  const near = nearest(name, refs);
  return near === undefined ? '' : `Did you mean "${near}"? `;
}

/** @throws SLIPWAY_E_IMAGE_DEPS if the command could not pull it */
function parentOf(
  dep: ImageReference,
  { contentId, deployRef }: CurrentImage,
  parent: BuildPlan,
  child: BuildPlan,
): Parent {
  const isInDockerAlone = isInDocker(parent) && !isInRegistry(parent);
  if (isInDockerAlone && !isInDocker(child)) {
    throw invalid(
      `${familiarName(dep)}, which imageDeps names, is in Docker alone, and with skipsLocalDocker the command does not build there`,
      'Set a registry, so that both can reach it.',
    );
  }
  const { local } = deployRef;
  // Tag and digest together are refused by older Buildah and Podman.
  const ref = local.tag === undefined ? local : { ...local, digest: undefined };
  return { name: dep, contentId, ref: parseReference(formatReference(ref)) };
}

function invalid(what: string, hint: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_DEPS',
    message: `${what}.`,
    hint,
  });
}
