/** Generated from schema.json; a test keeps the two equal. */

/**
 * Writes a Deployment and a Service for the image of a project into the project's folder of manifests, k8s unless there is another.
 */
export interface ManifestGeneratorSchema {
  /**
   * The project that gets the manifests.
   */
  project: string;
  /**
   * The image that is run, as the ref of its custom-build has it. Default: the one that the project builds.
   */
  image?: string;
  /**
   * The port that the container listens on. Default: the first one that the Dockerfile exposes, or 8080.
   */
  port?: number;
  /**
   * The port of the Service, which others in the cluster reach it by.
   */
  servicePort?: number;
  /**
   * How many pods there are.
   */
  replicas?: number;
  /**
   * An HTTP path that answers 200 as soon as the container can serve: its readiness probe. Default: no probe, so a pod counts as ready when its container runs.
   */
  probe?: string;
  /**
   * Environment variables of the container, as NAME=value. Not for secrets: they stand in the file as they are.
   */
  env?: string[];
  /**
   * The namespace that the project is deployed to: the option of its target deploy, which the other targets take over. The manifests name none, so that each configuration can have its own.
   */
  namespace?: string;
  /**
   * What the Deployment, the Service and the file are called. Default: the project's name, in the letters that Kubernetes takes.
   */
  name?: string;
  /**
   * The folder that the file is written to, relative to the project root. Default: the one that holds the project's manifests, or k8s.
   */
  directory?: string;
  /**
   * Do not format changed files.
   */
  skipFormat?: boolean;
}
