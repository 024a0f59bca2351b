import type { ExecutorContext } from '@nx/devkit';
import { canonicalName, parseReference, referenceIn } from '../../image';
import type { DepSelection } from '../../inputs';
import type { LiveUpdate } from '../../live-update';
import { SlipwayError } from '../../report';
import { NO_BUILD } from '../../settings';
import { depSelection } from '../custom-build/dep-selection';
import { liveUpdateOption } from '../custom-build/live-update';
import { ownersIn, type Owner } from '../custom-build/owners';
import { taskOf } from '../custom-build/parents';
import { withSyncTargets } from '../serve/live/fed';
import { preparationOf } from '../serve/prepare';
import { workspaceOf } from '../workspace';

/** An image of the workspace, as far as its options say what becomes of files. */
export interface DeclaredImage {
  readonly project: string;
  /** As nx run takes it: `frontend:custom-build`. */
  readonly task: string;
  /** As in `ref`. */
  readonly name: string;
  /** Whether a command builds it: its containers alone may be kept up to date. */
  readonly isBuilt: boolean;
  readonly deps: DepSelection;
  readonly liveUpdate?: LiveUpdate;
  /**
   * The tasks that run before its command, or that make files for a sync.
   * @throws SLIPWAY_E_OPTION_INVALID for a dependsOn that Nx cannot follow
   */
  readonly before: () => TasksBefore | undefined;
  /** The images that it is built on. */
  readonly parents: readonly DeclaredImage[];
}

export interface TasksBefore {
  /** As nx run takes them. */
  readonly tasks: readonly string[];
  /** What they read. */
  readonly sources: DepSelection;
}

export interface DeclaredImages {
  readonly images: readonly DeclaredImage[];
  /** Targets whose options are wrong. */
  readonly wrong: readonly WrongImage[];
}

export interface WrongImage {
  readonly project: string;
  readonly task: string;
  readonly error: SlipwayError;
}

/** Of all targets that build images; nothing is asked but files of Nx. */
export function declaredImages(context: ExecutorContext): DeclaredImages {
  const wrong: WrongImage[] = [];
  const alone = ownersIn(context).flatMap((owner) => {
    try {
      return [imageOf(owner)];
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      wrong.push({ project: owner.project, task: taskOf(owner), error });
      return [];
    }
  });
  return { images: withParents(alone), wrong };
}

type Alone = Omit<DeclaredImage, 'parents'> & {
  readonly canonical: string;
  readonly imageDeps: readonly string[];
};

function imageOf(owner: Owner): Alone {
  const { options, project } = owner;
  const workspace = workspaceOf(owner.context);
  const liveUpdate = liveUpdateOption(options, workspace);
  return {
    project,
    task: taskOf(owner),
    name: options.ref,
    canonical: canonicalName(parseReference(options.ref)),
    isBuilt: options.command !== NO_BUILD,
    deps: depSelection(options, workspace),
    ...(liveUpdate && { liveUpdate }),
    before: () => preparationOf(withSyncTargets(owner.context, liveUpdate)),
    imageDeps: (options.imageDeps ?? []).flatMap((text) => {
      // What is no name, or nobody's, its own run tells.
      const ref = referenceIn(text);
      return ref ? [canonicalName(ref)] : [];
    }),
  };
}

function withParents(alone: readonly Alone[]): DeclaredImage[] {
  const made = new Map<Alone, DeclaredImage>();
  const make = (one: Alone, children: readonly Alone[]): DeclaredImage => {
    const known = made.get(one);
    if (known) return known;
    const path = [...children, one];
    const { canonical: _, imageDeps, ...image } = one;
    const parents = alone
      .filter((other) => imageDeps.includes(other.canonical))
      // In a circle, which its own run tells, there is no way out.
      .filter((other) => !path.includes(other))
      .map((other) => make(other, path));
    const declared = { ...image, parents };
    made.set(one, declared);
    return declared;
  };
  return alone.map((one) => make(one, []));
}
