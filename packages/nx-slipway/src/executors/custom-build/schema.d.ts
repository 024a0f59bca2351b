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
   * What builds the image and tags it $EXPECTED_REF in Docker. A string goes to the shell (sh -c; cmd on Windows). A list is run without a shell; $EXPECTED_REF and the other variables of nx-slipway are still expanded in it. Nx replaces {projectRoot} and {projectName} in it.
   */
  command: string | [string, ...string[]];
  /**
   * The command on Windows, in place of command; it goes to cmd.
   */
  commandBat?: string;
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
      };
  /**
   * auto: push if a registry is set. always: without one, push to the host in ref. never: leave the image in Docker.
   */
  push?: 'auto' | 'always' | 'never';
  /**
   * What is built, as os/arch[/variant]; the command sees it as SLIPWAY_PLATFORM and DOCKER_DEFAULT_PLATFORM. Default: linux on this machine's processor. Name it if results are shared between machines of several kinds.
   */
  platform?: string;
  /**
   * How long the command may take. A number is seconds. Default: as long as it needs.
   */
  timeout?: number | string;
  /**
   * Where the image record goes, the only output of the target. Default: {workspaceRoot}/.nx/slipway/PROJECT.json. Relative to the project root unless it starts with {workspaceRoot}.
   */
  recordFile?: string;
}
