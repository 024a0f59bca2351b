/** Generated from schema.json; a test keeps the two equal. */

/**
 * Gives a project a target that builds its image: by a recipe for the builder that its files are for, or for one that you name.
 */
export interface CustomBuildGeneratorSchema {
  /**
   * The project whose image is built.
   */
  project: string;
  /**
   * The recipe: docker, ko, jib-maven, jib-gradle, bazel, buildah, podman, nix, earthly, pack, script, buildx, nerdctl, buildx-kubernetes, bazel-remote, or PACKAGE:NAME of an installed package. auto, the default: the one that the project's files are for.
   */
  builder?: string;
  /**
   * The image name, as your Kubernetes manifests write it. Default: what the target has already, else the project's name.
   */
  ref?: string;
  /**
   * Answers to what the recipe asks, as NAME=VALUE. What is not answered is guessed from the project's files, or has a default.
   */
  set?: string[];
  /**
   * Write liveUpdate, too, where the recipe knows how files get into running containers of such an image, and the target has none.
   */
  liveUpdate?: boolean;
  /**
   * Do not format changed files.
   */
  skipFormat?: boolean;
}
