import type { DockerInspect } from '../image';

/** What the Docker API's image inspect tells, as far as we read it. */
export interface InspectedImage extends DockerInspect {
  /** The store's own id. Never compared: stores differ in what it is. */
  Id: string;
  RepoTags?: readonly string[] | null;
}

/** The Docker daemon, as far as a build needs it. */
export interface DockerEngine {
  /** For messages: `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** What a build command needs to reach the same daemon. */
  readonly env: Readonly<Record<string, string>>;
  /** @throws SLIPWAY_E_DOCKER_NOT_RUNNING, SLIPWAY_E_DOCKER_PERMISSION */
  ping(): Promise<void>;
  /** @returns undefined if there is no image of that ref */
  inspect(ref: string): Promise<InspectedImage | undefined>;
  tag(source: string, repository: string, tag: string): Promise<void>;
  /** Takes one tag away; a tag that is not there is fine. */
  untag(ref: string): Promise<void>;
  /**
   * Pushes one tag with Docker's own push.
   * @returns the digest of the manifest that the registry now has
   * @throws SLIPWAY_E_REGISTRY_REFUSED, SLIPWAY_E_REGISTRY_UNREACHABLE,
   *   SLIPWAY_E_REGISTRY_FAILED
   */
  push(repository: string, tag: string): Promise<string>;
  /** Closes the kept-alive connection. */
  close(): void;
}
