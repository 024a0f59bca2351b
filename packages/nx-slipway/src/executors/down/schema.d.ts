/** Generated from schema.json; a test keeps the two equal. */

/**
 * Deletes what deploy has made of a project in a cluster; namespaces and data stay unless asked.
 */
export interface DownExecutorSchema {
  /**
   * The kubeconfig context to use. Naming it here allows it. Default: the current context as it is at the start, if it is that of a local cluster or in allowContexts of nx.json.
   */
  context?: string;
  /**
   * The namespace that it was deployed to: that of the set's inventory. Default: that of the context, or default.
   */
  namespace?: string;
  /**
   * Print what would be deleted and kept, and change nothing.
   */
  dryRun?: boolean;
  /**
   * Delete the namespaces of the manifests too, with all that others have in them. One that holds volume claims, or what is annotated to be kept, stays without deleteData.
   */
  deleteNamespaces?: boolean;
  /**
   * Delete volumes, their claims, CustomResourceDefinitions, and what is annotated to be kept, too.
   */
  deleteData?: boolean;
  /**
   * Take the content tags of the images that were deployed out of Docker, too.
   */
  pruneImages?: boolean;
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
   * How long to wait until everything is gone. A number is seconds.
   */
  timeout?: number | string;
  /**
   * Take the manifest set from another deploy, down or serve that holds it.
   */
  takeover?: boolean;
  /**
   * text: lines for people. json: one JSON object on standard output when the run ends; lines for people go to standard error.
   */
  output?: 'text' | 'json';
  /**
   * A file that a Markdown summary of what changed is added to. Relative to the project root unless it starts with {workspaceRoot}. Default: that of GitHub Actions (GITHUB_STEP_SUMMARY), if there is one.
   */
  summary?: string;
}
