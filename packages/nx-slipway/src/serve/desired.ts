import type { BuildPlan, BuildSystems, CurrentImage, Parent } from '../build';
import type { DepSelection } from '../inputs';
import type { ManifestObject } from '../manifest';

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
  /**
   * The objects, in their order, with refs in them.
   * @param current by key; what is missing stays as it is written
   */
  readonly inject: (
    current: ReadonlyMap<string, CurrentImage>,
  ) => readonly ManifestObject[];
}

export interface LoadedObject {
  readonly manifest: ManifestObject;
  /** The keys of the images that stand in it. */
  readonly images: readonly string[];
}
