import type { BuildPlan, BuildSystems, CurrentImage, Parent } from '../build';
import type { DepSelection } from '../inputs';
import type {
  Fleet,
  Held,
  LiveUpdate,
  Notes,
  PodObject,
  Run,
} from '../live-update';
import type { ManifestObject } from '../manifest';
import type { Reporter } from '../report';

/** An image that is kept as its files are. */
export interface ServedImage {
  /** Tells it from all others: its target, and where it goes. */
  readonly key: string;
  /** As in `ref`. */
  readonly name: string;
  readonly plan: BuildPlan;
  /** All but whom they report to. */
  readonly systems: BuildSystems;
  /** The images of `imageDeps`. */
  readonly parents: readonly ServedParent[];
  /** What has to run before its command. */
  readonly preparation?: ImagePreparation;
  /** Brings one that is in no registry to the nodes that are to run it. */
  readonly deliver?: (image: CurrentImage) => Promise<void>;
  /** Its containers are given what is saved while they run. */
  readonly live?: ServedLive;
}

/**
 * An image that nobody builds (`command` `":"`): its containers are given what
 * is saved, on top of whatever is in it.
 */
export interface ServedForeign {
  readonly key: string;
  /** As in `ref`. */
  readonly name: string;
  /** Its deps are what may be brought to the containers. */
  readonly plan: BuildPlan;
  /** Whether a container of a pod spec with this `image` runs it. */
  readonly isOurs: (image: string) => boolean;
  readonly live: ServedLive;
}

/** The option `liveUpdate`, and the containers that it is about. */
export interface ServedLive {
  readonly liveUpdate: LiveUpdate;
  readonly fed?: LiveFed;
  /** Called once for each image, also if its options are read again. */
  readonly open: (parts: LiveParts) => Fleet;
  /** Of the image that stood when a serve ended last. */
  readonly notes: Pick<Notes, 'read' | 'write'>;
}

/** What targets make for syncs that no command reads. */
export interface LiveFed {
  readonly outputs: DepSelection;
  /** What these targets read. */
  readonly sources: DepSelection;
}

export interface LiveParts {
  readonly reporter: Reporter;
  readonly onOutput: (
    run: Run,
    stream: 'stdout' | 'stderr',
    chunk: string,
  ) => void;
  /** Containers that came later were brought up to date, or could not be. */
  readonly onLater: (held: Held) => void;
  /** Nobody knows what it holds. */
  readonly onStranger: (pod: PodObject) => void;
}

export interface ServedParent {
  readonly key: string;
  /** As the command gets it. @throws SLIPWAY_E_IMAGE_DEPS */
  readonly asParent: (image: CurrentImage) => Parent;
}

/** The tasks of `dependsOn`, other than those that build images. */
export interface ImagePreparation {
  /** As nx run takes them. */
  readonly tasks: readonly string[];
  /** What they read. */
  readonly sources: DepSelection;
  /** @throws SLIPWAY_E_COMMAND_FAILED, SLIPWAY_E_CANCELLED */
  readonly run: (run: PreparationRun) => Promise<void>;
}

export interface PreparationRun {
  readonly signal: AbortSignal;
  readonly kill?: AbortSignal;
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: string) => void;
}

/** The manifests of a project, as they were read. */
export interface LoadedManifests {
  readonly objects: readonly LoadedObject[];
  /** All that stand in the objects and that these are built on, parents first. */
  readonly images: readonly ServedImage[];
  /** Those that stand in them, that nobody builds, and that are live-updated. */
  readonly foreign: readonly ServedForeign[];
  /** All that is injected beside refs, as a text: the same of the same. */
  readonly uses: string;
  /**
   * The objects, in their order, with refs in them.
   * @param current by key; what is missing stays as it is written
   * @throws SLIPWAY_E_OPTION_INVALID for an image that cannot run as it is to
   */
  readonly inject: (
    current: ReadonlyMap<string, CurrentImage>,
  ) => Promise<readonly ManifestObject[]>;
}

export interface LoadedObject {
  readonly manifest: ManifestObject;
  /** The keys of the images that stand in it. */
  readonly images: readonly string[];
}
