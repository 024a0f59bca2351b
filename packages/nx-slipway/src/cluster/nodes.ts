/** What is read of a Node. */
export interface ClusterNode {
  readonly metadata?: {
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status?: {
    readonly images?: readonly { readonly names?: readonly string[] }[];
    readonly nodeInfo?: { readonly containerRuntimeVersion?: string };
  };
}

export interface NodeList {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly ClusterNode[];
}
