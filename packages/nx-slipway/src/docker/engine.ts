import type { Readable } from 'node:stream';
import type { DockerInspect } from '../image';

/** What the Docker API's image inspect tells, as far as we read it. */
export interface InspectedImage extends DockerInspect {
  /** The store's own id. Never compared: stores differ in what it is. */
  Id: string;
  RepoTags?: readonly string[] | null;
  /** `name@sha256:...` for each registry that it was pushed to or pulled from. */
  RepoDigests?: readonly string[] | null;
  Metadata?: {
    /** RFC 3339; the year 1 if this store never tagged the image. */
    LastTagTime?: string;
  } | null;
}

/** An image as Docker lists it. */
export interface TaggedImage {
  /** The store's own id. */
  readonly id: string;
  /** Full refs with a tag each, as Docker writes them: `busybox:1.35`. */
  readonly tags: readonly string[];
  /** All layers together; other images may share some. */
  readonly bytes: number;
}

/** What a daemon says about itself. */
export interface DockerInfo {
  readonly version: string;
  readonly apiVersion: string;
  /** Host name of the machine that it runs on: `minikube`. */
  readonly machine: string;
  /** Of that machine, as `uname -r` tells it. */
  readonly kernelVersion: string;
  readonly operatingSystem: string;
  readonly storageDriver: string;
  /** Whether containerd keeps the images, and an id is that of a manifest. */
  readonly isContainerdStore: boolean;
  /** As uname tells it: `x86_64`. */
  readonly architecture: string;
  readonly dockerRootDir?: string;
  /** Hosts and networks for which this daemon falls back to plain HTTP. */
  readonly insecureRegistries: readonly string[];
}

/**
 * What Docker shows a registry when it pushes; `serveraddress` is the
 * registry's host. The three kinds of AuthConfig in Docker's API.
 */
export type PushLogin = { readonly serveraddress: string } & (
  | { readonly username: string; readonly password: string }
  | { readonly identitytoken: string }
  | { readonly registrytoken: string }
);

/** Variables for a command; undefined: the variable must not be set. */
export type CommandEnv = Readonly<Record<string, string | undefined>>;

/** The Docker daemon, as far as a build needs it. */
export interface DockerEngine {
  /** For messages: `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** What a build command needs to reach the same daemon. */
  readonly env: CommandEnv;
  /** @throws SLIPWAY_E_DOCKER_NOT_RUNNING, SLIPWAY_E_DOCKER_PERMISSION */
  ping(): Promise<void>;
  info(): Promise<DockerInfo>;
  /** @returns undefined if there is no image of that ref */
  inspect(ref: string): Promise<InspectedImage | undefined>;
  /**
   * The images of one repository, with its tags alone.
   * @param repository as Docker writes it, `busybox` and not
   *   `docker.io/library/busybox`
   */
  taggedImages(repository: string): Promise<TaggedImage[]>;
  /** Every image that has a tag. */
  allTagged(): Promise<TaggedImage[]>;
  /** Ids and refs of the images of all containers, stopped ones too. */
  imagesInUse(): Promise<Set<string>>;
  /**
   * Whether an image has one of these files: asked of a container that is never
   * started, in some 30 ms.
   * @param image its id, or a ref
   * @param paths absolute
   */
  holdsFile(image: string, paths: readonly string[]): Promise<boolean>;
  tag(source: string, repository: string, tag: string): Promise<void>;
  /**
   * Takes one tag away; a tag that is not there is fine.
   * @returns false if the tag stays, since a container uses its image
   */
  untag(ref: string, options?: UntagOptions): Promise<boolean>;
  /**
   * Pushes one tag with Docker's own push.
   * @param login none: as nobody
   * @param signal ends the push, in Docker too, which may wait for a registry
   *   for as long as that says nothing
   * @returns the digest of the manifest that the registry now has
   * @throws SLIPWAY_E_REGISTRY_REFUSED, SLIPWAY_E_REGISTRY_UNREACHABLE,
   *   SLIPWAY_E_REGISTRY_TLS, SLIPWAY_E_REGISTRY_FAILED,
   *   SLIPWAY_E_IMAGE_NOT_FOUND, SLIPWAY_E_DOCKER_FAILED, SLIPWAY_E_CANCELLED
   */
  push(
    repository: string,
    tag: string,
    login?: PushLogin,
    signal?: AbortSignal,
  ): Promise<string>;
  /**
   * An image with its tag, as the tar that `docker save` writes. What breaks off
   * ends the stream with an error.
   * @throws SLIPWAY_E_IMAGE_NOT_FOUND, SLIPWAY_E_DOCKER_FAILED
   */
  save(ref: string): Promise<Readable>;
  /** Closes the kept-alive connections. */
  close(): void;
}

export interface UntagOptions {
  /**
   * Whether untagged images that only this one was built on go too. They are
   * what the classic builder caches; default false.
   */
  readonly pruneParents?: boolean;
}
