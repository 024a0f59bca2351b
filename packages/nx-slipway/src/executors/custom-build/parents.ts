import {
  runExecutor,
  type ExecutorContext,
  type TargetConfiguration,
} from '@nx/devkit';
import {
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
  canonicalName,
  familiarName,
  formatReference,
  parseReference,
  referenceIn,
  type ImageReference,
} from '../../image';
import { SlipwayError, nearest } from '../../report';
import { CUSTOM_BUILD } from '../../settings';
import type { CustomBuildExecutorSchema } from './schema';

/** The target that builds an image. */
interface Owner {
  readonly project: string;
  readonly target: string;
  readonly options: CustomBuildExecutorSchema;
  /** As Nx would hand it to that target's own executor. */
  readonly context: ExecutorContext;
}

type PlanOf = (
  options: CustomBuildExecutorSchema,
  context: ExecutorContext,
) => Promise<BuildPlan>;

/**
 * The images of `imageDeps`, each standing where the command can pull it. Nx
 * has run their targets before, or restored their records from a cache; what
 * is not there, or was built of other inputs, is built here.
 * @param planOf plans another target's build as its own executor would
 * @throws SLIPWAY_E_IMAGE_DEPS
 */
export async function resolveParents(
  plan: BuildPlan,
  context: ExecutorContext,
  systems: BuildSystems,
  planOf: PlanOf,
  path: readonly string[] = [],
): Promise<Parent[]> {
  const name = familiarName(plan.imageName);
  const trail = [...path, name];
  const parents: Parent[] = [];
  for (const dep of plan.imageDeps) {
    if (trail.includes(familiarName(dep))) {
      throw invalid(
        `imageDeps go in a circle: ${[...trail, familiarName(dep)].join(' needs ')}`,
        'An image cannot be built on itself. Take one of them out.',
      );
    }
    const owner = ownerOf(dep, name, context);
    const ofOwner = await planOf(owner.options, owner.context);
    const current = async () => {
      const above = await resolveParents(
        ofOwner,
        owner.context,
        systems,
        planOf,
        trail,
      );
      return currentImage(ofOwner, await hashInputs(ofOwner, above), systems);
    };
    const image =
      (await current()) ?? (await built(owner, dep, current, systems));
    parents.push(parentOf(dep, image, ofOwner, plan));
  }
  return parents;
}

async function built(
  { project, target, context }: Owner,
  dep: ImageReference,
  current: () => Promise<CurrentImage | undefined>,
  { reporter }: BuildSystems,
): Promise<CurrentImage> {
  const task = `${project}:${target}`;
  reporter.info(
    `${familiarName(dep)} of imageDeps is not there: running ${task}`,
  );
  const { configurationName: configuration } = context;
  const runs = await runExecutor(
    { project, target, configuration },
    {},
    context,
  );
  let success = false;
  for await (const result of runs) ({ success } = result);
  const image = success ? await current() : undefined;
  if (image) return image;
  throw invalid(
    `${familiarName(dep)}, which imageDeps names, could not be built by ${task}`,
    `See its output above; nx run ${task} runs it alone.`,
  );
}

/** The one target of the workspace that builds an image of that name. */
function ownerOf(
  dep: ImageReference,
  name: string,
  context: ExecutorContext,
): Owner {
  const all = ownersIn(context);
  const owners = all.filter(({ options }) => {
    // What is no name is another's; its own run will say what is wrong.
    const found = referenceIn(options.ref);
    return found && canonicalName(found) === canonicalName(dep);
  });
  const [owner, ...others] = owners;
  if (owner && others.length === 0) return owner;
  const shown = familiarName(dep);
  if (!owner) {
    throw invalid(
      `${name} has "${shown}" in imageDeps, but no custom-build of this workspace builds it`,
      `${likely(shown, all)}Write it as that image's own ref does; an image from elsewhere needs no entry.`,
    );
  }
  const targets = owners.map(({ project, target }) => `${project}:${target}`);
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

function ownersIn(context: ExecutorContext): Owner[] {
  const { projects } = context.projectsConfigurations;
  return Object.entries(projects).flatMap(([project, { targets = {} }]) =>
    Object.entries(targets)
      .filter(([, { executor }]) => executor === CUSTOM_BUILD)
      .map(([name, target]) => ownerAt(project, name, target, context)),
  );
}

/** With the configuration of this run, where that target has it, as Nx does. */
function ownerAt(
  project: string,
  name: string,
  target: TargetConfiguration,
  context: ExecutorContext,
): Owner {
  const asked = context.configurationName;
  const configurationName =
    asked !== undefined && target.configurations?.[asked]
      ? asked
      : target.defaultConfiguration;
  return {
    project,
    target: name,
    options: {
      ...target.options,
      ...target.configurations?.[configurationName ?? ''],
    } as CustomBuildExecutorSchema,
    context: {
      ...context,
      projectName: project,
      targetName: name,
      target,
      configurationName,
    },
  };
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
