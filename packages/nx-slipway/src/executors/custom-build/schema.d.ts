/** Generated from schema.json; a test keeps the two equal. */

/**
 * Builds a container image with any command, gives it a content-based, immutable ref, and pushes it if the registry lacks it.
 */
export interface CustomBuildExecutorSchema {
  /**
   * The image name, as your Kubernetes manifests write it.
   */
  ref: string;
  /**
   * What builds the image and tags it $EXPECTED_REF in Docker. A string goes to the shell (sh -c; cmd on Windows). A list is run without a shell; $EXPECTED_REF and the other variables of nx-slipway are still expanded in it. Nx replaces {projectRoot} and {projectName} in it. ":" builds nothing: the image is left as the manifests have it.
   */
  command: string | [string, ...string[]];
  /**
   * The command on Windows, in place of command. A string goes to cmd, a list is run without a shell.
   */
  commandBat?: string | [string, ...string[]];
  /**
   * What the command reads: files, directories, globs, or { "input": NAME } for an Nx named input. Relative to the project root unless it starts with {workspaceRoot}. Directories and globs leave out gitignored files, what their own .dockerignore names, node_modules, editors' files and manifests in k8s, kubernetes, deploy or manifests. Default: the project root.
   */
  deps?: (
    | string
    | {
        /**
         * A named input of Nx; ^ in front: of the projects this one depends on.
         */
        input: string;
      }
  )[];
  /**
   * Files in deps that do not matter to the image, as .dockerignore patterns relative to each dep.
   */
  ignore?: string[];
  /**
   * Where the command runs. Relative to the project root, which is also the default, unless it starts with {workspaceRoot}.
   */
  dir?: string;
  /**
   * Variables for the command, over those of your shell. Variables that nx-slipway sets itself win. Nx replaces {projectRoot} and {projectName} in values.
   */
  env?: {
    [k: string]: string;
  };
  /**
   * The tag that the command always gives its image, where it cannot be told $EXPECTED_REF: a tag, or a whole ref. The image is still deployed by its content. Not together with outputsImageRefTo.
   */
  tag?: string;
  /**
   * The file that the command writes its image's ref to, with a tag, a digest or both; that very ref is deployed. Metadata files of buildx, ko and Jib are read, too. The command sees the path as SLIPWAY_OUTPUT_REF_FILE. Relative to the project root unless it starts with {workspaceRoot}.
   */
  outputsImageRefTo?: string;
  /**
   * The command pushes the image itself, from a store other than Docker's (Buildah, Podman, Kaniko, ko, Jib). It is found and verified in the registry, and gets its content tag there. With disablePush: the command builds in the cluster's own runtime (nerdctl, kim).
   */
  skipsLocalDocker?: boolean;
  /**
   * The command leaves the image in Docker and pushes it itself. Both are verified; only what is in the registry is deployed. With skipsLocalDocker: the command builds in the cluster's own runtime.
   */
  disablePush?: boolean;
  /**
   * Images of this workspace that the command builds on, by the names in their ref. The command sees where to pull them as SLIPWAY_IMAGE_0, SLIPWAY_IMAGE_1 and so on (and TILT_IMAGE_0...). Their targets run before.
   */
  imageDeps?: string[];
  /**
   * Also put the image's ref into env values of containers that are this very image: for an operator that is told in a variable what to run. Changes manifests, not the image.
   */
  matchInEnvVars?: boolean;
  /**
   * What the containers of this image run in place of what the image or the manifest says: it becomes their command. A string is run by sh -c in the container; a list is run as it is. Changes manifests, not the image.
   */
  entrypoint?: string | [string, ...string[]];
  /**
   * The args of the containers of this image, in place of those in the manifest; an empty list takes them away. Changes manifests, not the image.
   */
  containerArgs?: string[];
  /**
   * What nx serve does in running containers of this image when files are saved, in place of a build: a list of steps, in this order: fallBackOn and initialSync, every sync, every run, restart. A file that has changed and that no sync takes needs a build. Of no use to custom-build itself; an empty list is none.
   */
  liveUpdate?: {
    /**
     * Files, folders or globs whose change needs a build, whatever syncs take. Relative to the project root unless it starts with {workspaceRoot}.
     */
    fallBackOn?: string | string[];
    /**
     * A new container is given all files of the syncs, and not only those that have changed since its image was built: for an image that nothing builds here, or that holds none of them.
     */
    initialSync?:
      | true
      | {
          /**
           * What a new container is not given, as .dockerignore patterns relative to from of each sync. It is still given when it changes.
           */
          ignore?: string[];
          [k: string]: unknown;
        };
    /**
     * Brings files into the containers, and deletes there what is deleted here. Of several syncs the first that could take a file takes it.
     */
    sync?: {
      /**
       * A file, or a folder with all in it; no glob. Relative to the project root unless it starts with {workspaceRoot}. It must lie in deps, unless a target makes it.
       */
      from?: string;
      /**
       * Where that stands in the container: an absolute path. With a / at its end a file keeps its name.
       */
      to?: string;
      /**
       * The Nx target that makes what is in from: it runs when a file that it reads is saved, and what it has made is brought. Of another project: PROJECT:TARGET.
       */
      target?: string;
      [k: string]: unknown;
    };
    /**
     * A command in the container, after the files were brought. A string is run by sh -c, a list without a shell. If it ends otherwise than with 0, that is shown, and it is tried again with the next save. Nx replaces {projectRoot} and {projectName} in it.
     */
    run?: string | [string, ...string[]];
    /**
     * Beside run: files, folders or globs of which one must have changed for it to run. Without it, it runs each time. Relative to the project root unless it starts with {workspaceRoot}.
     */
    trigger?: string | string[];
    /**
     * The process of the container starts again after all that, and the container does not. serve puts a small supervisor around its command for it, which needs a shell in the image.
     */
    restart?: true;
    [k: string]: unknown;
  }[];
  /**
   * The registry to push to, in place of the one in the plugin's options in nx.json. A string is its host. An empty string: none.
   */
  registry?:
    | string
    | {
        /**
         * As this machine reaches it: host[:port][/path].
         */
        host: string;
        /**
         * As the cluster reaches it. Default: host.
         */
        hostFromCluster?: string;
        /**
         * The one repository that all images go to, told apart by their tags.
         */
        singleName?: string;
        /**
         * escape: gcr.io/acme/x becomes HOST/gcr.io_acme_x, as in Tilt. preserve: HOST/gcr.io/acme/x.
         */
        naming?: 'escape' | 'preserve';
        /**
         * Plain HTTP, or TLS that nobody vouches for, is all right there. The Docker daemon needs the host in its own insecure-registries.
         */
        insecure?: boolean;
        /**
         * A file of PEM certificates to trust there, relative to the workspace root.
         */
        caFile?: string;
      };
  /**
   * What nx-slipway does with an image in Docker. auto: push if a registry is in force. always: without one, push to the host in ref. never: leave it in Docker.
   */
  push?: 'auto' | 'always' | 'never';
  /**
   * The kubeconfig context of the cluster that the image is for. Naming it here allows it. Without the option registry, and none in nx.json, the registry that this cluster announces is used; the command's kubectl uses the context, too. No cluster is asked without it.
   */
  context?: string;
  /**
   * How many content tags of this image stay in Docker; older ones that no container uses are taken away, as a rule when no other image of the workspace is being built.
   */
  keep?: number;
  /**
   * What is built, as os/arch[/variant]; the command sees it as SLIPWAY_PLATFORM and DOCKER_DEFAULT_PLATFORM. Default: linux on this machine's processor. Name it if results are shared between machines of several kinds.
   */
  platform?: string;
  /**
   * How long the command may take. A number is seconds. Default: as long as it needs.
   */
  timeout?: number | string;
  /**
   * Have Nx look, before it answers from its cache, whether the image of the last record still stands where it is deployed from, and build it again if it is gone. For those who run custom-build alone: deploy and render look anyway. Costs a Node process for each run of Nx that has this target in it.
   */
  verify?: boolean;
  /**
   * Where the image record goes, the only output of the target. Default: {workspaceRoot}/.nx/slipway/PROJECT.json. Relative to the project root unless it starts with {workspaceRoot}.
   */
  recordFile?: string;
}
