import {
  isInDocker,
  isInRegistry,
  type BuildPlan,
  type BuildSystems,
  type CurrentImage,
} from '../../build';
import type { Cluster } from '../../cluster';
import { familiarName, type Pin } from '../../image';
import type { DepSelection } from '../../inputs';
import { SlipwayError } from '../../report';
import type { ServedImage, ServedParent } from '../../serve';
import { NO_BUILD } from '../../settings';
import { assertOwnRecord } from '../custom-build/own-record';
import type { Owner } from '../custom-build/owners';
import { ownerOf, parentOf, taskOf } from '../custom-build/parents';
import type { PlanOf } from '../custom-build/planner';
import { bringToNodes } from '../deploy/bring-to-nodes';
import { liveOf, withSyncTargets, type LiveTools } from './live';
import { preparationOf } from './prepare';
import type { ServeExecutorSchema } from './schema';

/** With what images are planned, and brought to where they run. */
export interface ImageParts {
  readonly planOf: PlanOf;
  readonly pin: Pin;
  readonly options: ServeExecutorSchema;
  readonly systems: BuildSystems;
  readonly cluster: Cluster;
  readonly live: LiveTools;
  /** Told of each project whose options say how an image is built. */
  readonly onOwner: (project: string) => void;
}

/** The images of a project's manifests, each once, parents first. */
export class ServedImages {
  private readonly found = new Map<string, ServedImage>();

  constructor(private readonly parts: ImageParts) {}

  get all(): readonly ServedImage[] {
    return [...this.found.values()];
  }

  /**
   * The image that a target builds; those that it is built on, too.
   * @param trail the names of the images that need this one
   * @throws SLIPWAY_E_IMAGE_DEPS, and whatever is wrong with options
   */
  async add(owner: Owner, trail: readonly string[] = []): Promise<ServedImage> {
    const key = this.keyOf(owner);
    const known = this.found.get(key);
    if (known) return known;
    this.parts.onOwner(owner.project);
    const plan = await this.planOf(owner);
    const name = familiarName(plan.imageName);
    assertBuilt(owner, plan, name, trail);
    assertOwnRecord(owner.options, owner.context);
    const parents: ServedParent[] = [];
    for (const dep of plan.imageDeps) {
      const parent = await this.add(ownerOf(dep, name, owner.context), [
        ...trail,
        name,
      ]);
      parents.push({
        key: parent.key,
        asParent: (image) =>
          parentOf(dep, { plan: parent.plan, image, built: false }, plan),
      });
    }
    const { systems } = this.parts;
    const { configuration } = this.parts.live;
    const deps = [
      plan.deps,
      ...parents.flatMap((each) => this.depsOf(each.key)),
    ];
    const live = await liveOf(owner, { key, deps }, this.parts.live);
    const context = withSyncTargets(owner.context, live?.liveUpdate);
    const preparation = preparationOf(context, configuration);
    const deliver = this.deliveryOf(name, plan);
    const image: ServedImage = {
      key,
      name,
      plan,
      systems,
      parents,
      ...(preparation && {
        preparation: {
          ...preparation,
          run: (run) => preparation.run({ ...run, secrets: systems.secrets() }),
        },
      }),
      ...(deliver && { deliver }),
      ...(live && { live }),
    };
    this.found.set(key, image);
    return image;
  }

  private async planOf({ options, context }: Owner): Promise<BuildPlan> {
    const { planOf, pin } = this.parts;
    return { ...(await planOf(options, context)), pin };
  }

  /** One target may go to two registries. */
  private keyOf(owner: Owner): string {
    const { context, options } = owner;
    const { pin } = this.parts;
    const { configurationName = '' } = context;
    return JSON.stringify([
      taskOf(owner),
      configurationName,
      options.registry ?? null,
      pin,
    ]);
  }

  /** Of an image and of all that it is built on. */
  private depsOf(key: string): DepSelection[] {
    const { plan, parents = [] } = this.found.get(key) ?? {};
    const own = plan ? [plan.deps] : [];
    return [...own, ...parents.flatMap((each) => this.depsOf(each.key))];
  }

  private deliveryOf(name: string, plan: BuildPlan) {
    if (!isInDocker(plan) || isInRegistry(plan)) return undefined;
    const { options, cluster, systems } = this.parts;
    return async ({ deployRef }: CurrentImage) => {
      const { cluster: ref, local } = deployRef;
      const { platform, root: dir } = plan;
      const image = { name, ref, local, platform, isInDockerAlone: true };
      await bringToNodes([image], options, cluster, { ...systems, dir });
    };
  }
}

/** @throws SLIPWAY_E_IMAGE_DEPS for a circle, or a parent that nothing builds */
function assertBuilt(
  owner: Owner,
  { command }: BuildPlan,
  name: string,
  trail: readonly string[],
): void {
  if (trail.includes(name)) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_IMAGE_DEPS',
      message: `imageDeps go in a circle: ${[...trail, name].join(' needs ')}.`,
      hint: 'An image cannot be built on itself. Take one of them out.',
    });
  }
  if (command !== NO_BUILD) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_DEPS',
    message: `${name} is needed, and the command of ${taskOf(owner)} is ":", which builds nothing.`,
    hint: 'Give it a command, or leave the image out of imageDeps.',
  });
}
