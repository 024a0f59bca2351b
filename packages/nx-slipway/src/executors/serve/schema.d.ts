/** Generated from schema.json; a test keeps the two equal. */

/**
 * Watches the files of a project's images and manifests, builds what changes, and keeps the cluster as they are: until Ctrl-C, which leaves the cluster as it is.
 */
export interface ServeExecutorSchema {
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
   * Other projects with manifests that this one process serves too, each as its own serve target says. They share builds, watches and one cluster.
   */
  projects?: string[];
  /**
   * The kubeconfig context to use. Naming it here allows it. Default: the current context as it is at the start, if it is that of a local cluster or in allowContexts of nx.json.
   */
  context?: string;
  /**
   * The namespace of objects that name none, and of the set's inventory. Default: that of the context, or default.
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
   * How images that stand in no registry get to the nodes of the cluster. The name of a recipe: kind, k3d, minikube, containerd. Or a command as a list, run without a shell in the workspace root, in which $IMAGE is the ref, $NODE a node that lacks it (it runs once for each), $ARCHIVE a file that docker save wrote, $CONTEXT the context, $CLUSTER the name of a kind or k3d cluster, $ADDRESS the socket of containerd. Or an object of either, with what it cannot know.
   */
  load?:
    | string
    | [string, ...string[]]
    | {
        /**
         * The name of a recipe, or a command as a list.
         */
        command?: string | [string, ...string[]];
        /**
         * $CLUSTER, where the context is not named kind-NAME or k3d-NAME.
         */
        cluster?: string;
        /**
         * $ADDRESS.
         */
        address?: string;
        [k: string]: unknown;
      };
  /**
   * Follow what was applied until it is ready, and tell of what cannot become so.
   */
  wait?: boolean;
  /**
   * How long a rollout may take before it is called failed; it is followed all the same. A number is seconds.
   */
  timeout?: number | string;
  /**
   * Delete what this target deployed before and the manifests no longer have. Namespaces, CustomResourceDefinitions, volumes and their claims, StatefulSets, and what is annotated to be kept, stay.
   */
  prune?: boolean;
  /**
   * Prune those too.
   */
  pruneData?: boolean;
  /**
   * Take over fields that others manage in the cluster.
   */
  forceConflicts?: boolean;
  /**
   * Objects, as kind/name, that may be deleted and made anew for a change that Kubernetes does not allow in place. On local clusters, Jobs, Pods, ReplicaSets, Deployments and DaemonSets are without being named.
   */
  recreate?: string[];
  /**
   * Make namespaces that are not there. Default: on local clusters.
   */
  createNamespace?: boolean;
  /**
   * Take the manifest set from another serve, deploy or down that holds it.
   */
  takeover?: boolean;
  /**
   * auto: a save is built and applied at once. manual: changes wait for `slipway trigger`; what is missing at the start is built all the same.
   */
  trigger?: 'auto' | 'manual';
  /**
   * What a save does to a build of older content that is under way. restart: it is stopped for the newer one, twice in a row at most. finish: it ends first. Pushes and what is applied are never interrupted.
   */
  onChange?: 'restart' | 'finish';
  /**
   * Whether running containers are given files by the option liveUpdate of their images. false builds an image for every change.
   */
  liveUpdate?: boolean;
  /**
   * How many images are built at a time.
   */
  parallel?: number;
  /**
   * What is shown of what builds print. auto: that of first and of long builds as it comes, of others when they fail. all: everything as it comes. failed: of builds that fail.
   */
  buildOutput?: 'auto' | 'all' | 'failed';
  /**
   * Logs of pods. changed: of pods that have started since serve did. all: of every pod of the projects. none: no logs.
   */
  logs?: 'none' | 'changed' | 'all';
  /**
   * Ports on this machine that lead to the newest ready pod of an object, on loopback alone. true: one for each port of the Services in the manifests, at the same port of this machine, one below 1024 at 8000 more. Default: none.
   */
  portForwards?:
    | boolean
    | {
        /**
         * kind/name, or the name of a Service or workload.
         */
        object: string;
        /**
         * On this machine.
         */
        port: number;
        /**
         * Of the container, or the name of one of its ports; of a Service, its port. Default: the only one that there is, else the same as port.
         */
        containerPort?: number | string;
      }[];
  /**
   * Look at files so often in place of waiting for events, for mounts that send none (some bind mounts, network file systems). true is every second; a number is milliseconds.
   */
  polling?: boolean | number;
  /**
   * text: lines for people. json: every phase, line and change of state as one JSON object a line (docs/serve-output.schema.json).
   */
  output?: 'text' | 'json';
}
