/** What is read of a Node. */
export interface ClusterNode {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status?: {
    readonly images?: readonly { readonly names?: readonly string[] }[];
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
    }[];
    readonly nodeInfo?: {
      /** `containerd://1.7.2`, `docker://28.0.1` */
      readonly containerRuntimeVersion?: string;
      readonly kernelVersion?: string;
      /** As Go has it: `linux`, `amd64`. */
      readonly operatingSystem?: string;
      readonly architecture?: string;
    };
  };
}

export interface NodeList {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly ClusterNode[];
}
