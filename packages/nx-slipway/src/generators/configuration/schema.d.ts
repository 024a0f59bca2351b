/** Generated from schema.json; a test keeps the two equal. */

/**
 * Gives a project a configuration of its deployment: another cluster, namespace, registry or source. It is written to the target deploy; render, serve and down take it over.
 */
export interface ConfigurationGeneratorSchema {
  /**
   * The project that holds the manifests.
   */
  project: string;
  /**
   * What the configuration is called.
   */
  name: string;
  /**
   * The kubeconfig context of its cluster. Naming it here allows it.
   */
  context?: string;
  /**
   * The namespace of objects that name none.
   */
  namespace?: string;
  /**
   * The registry that its images are pushed to and deployed from, as host[:port][/path]. An empty string: none.
   */
  registry?: string;
  /**
   * What its manifests are made of: a folder with a kustomization, a Helm chart, or YAML files. Relative to the project root unless it starts with {workspaceRoot}. Default: what the project deploys without a configuration.
   */
  source?: string;
  /**
   * Values files of the Helm chart that source names, or that the project deploys without a configuration.
   */
  values?: string[];
  /**
   * Make source, overlays/NAME unless it is given, a kustomization over the manifests that the project has. Those get a kustomization.yaml that lists them, if they have none; no file is moved or changed, and an image that is built of all of the project leaves overlays out. kustomize or kubectl must be there to deploy them.
   */
  overlay?: boolean;
  /**
   * The folder that the overlay is made over, relative to the project root. Default: the one that holds the project's manifests.
   */
  base?: string;
  /**
   * How many pods each Deployment and StatefulSet of the overlay has. Default: as many as the manifests say.
   */
  replicas?: number;
  /**
   * What the refs in its manifests hold beside the name. Default: pin of the plugin's options in nx.json, or both.
   */
  pin?: 'tag' | 'digest' | 'both';
  /**
   * Give an existing configuration the values that are given here. Files are never overwritten.
   */
  force?: boolean;
  /**
   * Do not format changed files.
   */
  skipFormat?: boolean;
}
