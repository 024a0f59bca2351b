import type {
  DeployRef,
  ImageReference,
  Pin,
  Platform,
  Registry,
} from '../image';
import type { DepSelection, InputFacts } from '../inputs';

/**
 * Where a finished command leaves its image (design 2.3), after the options
 * `disablePush` and `skipsLocalDocker`:
 * - `docker`: neither. In Docker; nx-slipway pushes it.
 * - `docker-and-registry`: `disablePush`. In Docker, and the command pushed it.
 * - `registry`: `skipsLocalDocker`. In the registry alone.
 * - `cluster`: both. In the cluster's own runtime, where nobody can look.
 */
export type Store = 'docker' | 'docker-and-registry' | 'registry' | 'cluster';

/** How the command and nx-slipway agree on the image's ref. */
export type RefSource =
  /** It is told one, in `EXPECTED_REF`. */
  | { readonly kind: 'expected' }
  /** The option `tag`, bare. */
  | { readonly kind: 'tag'; readonly tag: string }
  /** The option `tag`, as a full ref. */
  | { readonly kind: 'ref'; readonly ref: TaggedReference }
  /** `outputsImageRefTo`: it writes one, here. Absolute. */
  | { readonly kind: 'file'; readonly path: string };

export type TaggedReference = ImageReference & { readonly tag: string };

/** An image that the command builds on, one of `imageDeps`. */
export interface Parent {
  readonly name: ImageReference;
  readonly contentId: string;
  /** Pullable where the command runs. */
  readonly ref: ImageReference;
}

/** A custom-build with every option parsed and every path absolute. */
export interface BuildPlan {
  /** The workspace root. Absolute. */
  readonly root: string;
  readonly imageName: ImageReference;
  readonly command: string | readonly string[];
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly deps: DepSelection;
  readonly facts: Omit<
    InputFacts,
    'ref' | 'platform' | 'command' | 'env' | 'parents'
  >;
  readonly platform: Platform;
  readonly store: Store;
  readonly source: RefSource;
  /** The image names of `imageDeps`, each once. */
  readonly imageDeps: readonly ImageReference[];
  readonly registry?: Registry;
  /** Whether what is in Docker goes to a registry. */
  readonly push: boolean;
  readonly pin: Pin;
  readonly tagPrefix: string;
  /** How many content tags of this image stay in Docker. >= 1 */
  readonly keep: number;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly recordFile: string;
}

/** What one run found of its image. */
export interface SettledImage {
  readonly contentId: string;
  readonly deployRef: DeployRef;
  /** The script's own ref, with `outputsImageRefTo`. */
  readonly ref?: ImageReference;
}
