import type { ImageReference } from '../image';

/** YAML text with manifests in it, and where it is from. */
export interface ManifestText {
  /**
   * For messages: a path relative to the workspace root, `apps/web/k8s/web.yaml`,
   * or what printed it, `kustomize build apps/web/overlays/dev`.
   */
  readonly origin: string;
  readonly text: string;
}

/** What JSON can hold, which is what the API server is sent. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** An object of the Kubernetes API, with what every one of them has. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

/** Where something stands in a JSON value, from its root. */
export type JsonPath = readonly (string | number)[];

/** One object of a manifest set, as kubectl would send it. */
export interface ManifestObject {
  readonly object: KubeObject;
  readonly origin: string;
  /** Of its first key. From 1. */
  readonly line: number;
  readonly column: number;
  /** Index of the text it is from. */
  readonly text: number;
  /** Index of its document in that text, empty ones counted. */
  readonly document: number;
  /** Where in the document it stands: empty, or in the `items` of a List. */
  readonly path: JsonPath;
}

/** What is read of the texts of one source. */
export interface ManifestSet {
  readonly texts: readonly ManifestText[];
  /** In the order of the texts. */
  readonly objects: readonly ManifestObject[];
}

/** A value to be put at a place of an object: what is there is replaced. */
export interface Change {
  readonly path: JsonPath;
  readonly value: JsonValue;
}

/** An image that is built here, as it is to be put into manifests. */
export interface ImageUse {
  /** As in `ref`; with a tag, only that very tag matches. */
  readonly name: ImageReference;
  /** What the cluster pulls. */
  readonly deployRef: ImageReference;
  /** Whether env values that are this image are replaced too. */
  readonly matchInEnvVars: boolean;
  /** Replaces `command` of each container of this image. */
  readonly entrypoint?: readonly string[];
  /** Replaces `args` of each container of this image; empty: no args. */
  readonly containerArgs?: readonly string[];
}
