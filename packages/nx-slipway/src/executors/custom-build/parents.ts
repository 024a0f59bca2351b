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
import { NO_BUILD } from '../../settings';
import { workspaceOf } from '../workspace';
import { contextParts } from './context';
import { ownersIn, ownersNamed, type Owner } from './owners';
import { assertOwnRecord } from './own-record';
import type { PlanOf } from './planner';

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
    const [ensured] = await ensureImages([owner], run, path);
    if (ensured) parents.push(parentOf(dep, ensured, plan));
  }
  return parents;
}

/** A target's build, planned, and the image that stands of its inputs. */
interface LookedUp {
  readonly owner: Owner;
  readonly plan: BuildPlan;
  readonly parents: readonly Parent[];
  readonly systems: BuildSystems;
  readonly standing?: CurrentImage;
}

/**
 * The image of each target as its inputs are now: the one that stands where it
 * is deployed from, or one that is built now. Looked for at once, built one
 * after the other, so that what the commands print can be read.
 * @throws SLIPWAY_E_IMAGE_DEPS, and whatever a build throws
 */
export async function ensureImages(
  owners: readonly Owner[],
  run: ImageRun,
  trail: readonly string[] = [],
): Promise<EnsuredImage[]> {
  const lookedUp = await Promise.all(
    owners.map((owner) => lookUp(owner, run, trail)),
  );
  const ensured: EnsuredImage[] = [];
  for (const each of lookedUp) {
    const { plan, standing } = each;
    const image = standing ?? (await buildNow(each));
    ensured.push({ plan, image, built: !standing });
  }
  return ensured;
}

async function lookUp(
  owner: Owner,
  run: ImageRun,
  trail: readonly string[],
): Promise<LookedUp> {
  const systems = await systemsFor(owner, run);
  const plan = await run.planOf(owner.options, owner.context);
  if (plan.command === NO_BUILD) {
    throw invalid(
      `${familiarName(plan.imageName)} is needed, and the command of ${taskOf(owner)} is ":", which builds nothing`,
      'Give it a command, or leave the image out of imageDeps.',
    );
  }
  const parents = await resolveParents(plan, run, trail);
  const hash = await hashInputs(plan, parents);
  const standing = await currentImage(plan, hash, systems);
  return { owner, plan, parents, systems, standing };
}

async function buildNow(lookedUp: LookedUp): Promise<CurrentImage> {
  const { owner, plan, parents, systems } = lookedUp;
  systems.reporter.info(
    `${familiarName(plan.imageName)} is not there: running ${taskOf(owner)}`,
  );
  assertOwnRecord(owner.options, owner.context);
  return buildImage(plan, parents, systems);
}

/** As nx run takes it. */
export function taskOf({ project, target }: Owner): string {
  return `${project}:${target}`;
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
export function ownerOf(
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
  const targets = [owner, ...others].map(taskOf);
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
export function parentOf(
  dep: ImageReference,
  { plan: parent, image: { contentId, deployRef } }: EnsuredImage,
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
