/** Generated from schema.json; a test keeps the two equal. */

/**
 * Prints or writes the manifests of a project with the immutable refs of its images in them.
 */
export interface RenderExecutorSchema {
  /**
   * What the manifests are made of, one of YAML files, a kustomization, a Helm chart, or a command that prints YAML. Paths are relative to the project root unless they start with {workspaceRoot}. Default: what is found under the globs `manifests` of the plugin's options in nx.json.
   */
  source?: {
    /**
     * Files or globs.
     *
     * @minItems 1
     */
    yaml?: [string, ...string[]];
    /**
     * A folder with a kustomization.yaml. Needs kustomize or kubectl on the PATH.
     */
    kustomize?: string;
    /**
     * A chart, as helm template renders it. Needs helm on the PATH.
     */
    helm?: {
      /**
       * Folder of the chart.
       */
      chart?: string;
      /**
       * Name of the release. Default: the project's name.
       */
      release?: string;
      /**
       * Files of values, the later winning.
       */
      values?: string[];
      /**
       * Values by their dotted paths, over those of the files.
       */
      set?: {
        [k: string]: unknown;
      };
      [k: string]: unknown;
    };
    /**
     * Prints the manifests as YAML. A string goes to the shell, a list is run without one. In place of yaml, kustomize or helm.
     */
    command?: string | [string, ...string[]];
    /**
     * Files, folders and globs that the command reads.
     */
    deps?: string[];
    /**
     * Where the command runs. Default: the project root.
     */
    dir?: string;
    [k: string]: unknown;
  };
  /**
   * Write the YAML into this file, in place of standard output. Relative to the project root unless it starts with {workspaceRoot}.
   */
  file?: string;
  /**
   * The kubeconfig context of the cluster that the manifests are for. Naming it here allows it. Without the option registry, and none in nx.json, the registry that this cluster announces is used. No cluster is asked without it.
   */
  context?: string;
  /**
   * The namespace that a Helm chart is rendered for. Default: default. No object's namespace is changed.
   */
  namespace?: string;
  /**
   * The registry that the images are deployed from, in place of the one in the plugin's options in nx.json and of the one that the cluster announces. A string is its host. An empty string: none.
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
   * What the refs in manifests hold beside the name, for images in a registry. Default: pin of the plugin's options in nx.json, or both.
   */
  pin?: 'tag' | 'digest' | 'both';
  /**
   * Images of this workspace that the manifests use, by the names in their ref. Those that stand in the manifests are found; name here what a tool puts there and the project graph cannot see. One that stands nowhere is warned of.
   */
  images?: string[];
  /**
   * text: lines for people. json: one JSON object on standard output when the run ends; lines for people go to standard error.
   */
  output?: 'text' | 'json';
}
