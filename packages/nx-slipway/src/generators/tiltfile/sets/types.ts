import type { Call } from '../read';

/** What manifests are made of; paths from the workspace root. */
export type Source =
  | { readonly yaml: readonly string[] }
  | { readonly kustomize: string }
  | { readonly helm: HelmSource }
  | {
      readonly command: string | string[];
      readonly deps: readonly string[];
      readonly dir: string;
    };

export interface HelmSource {
  readonly chart: string;
  readonly release: string;
  readonly namespace?: string;
  readonly values: readonly string[];
  readonly set: Readonly<Record<string, unknown>>;
}

/** The sources of one call. */
export interface Sources {
  readonly call: Call;
  readonly sources: readonly Source[];
  readonly namespace?: string;
  /** Images that stand in none of the files. */
  readonly images?: readonly string[];
  readonly notes: readonly string[];
  readonly problems: readonly string[];
  /** Of helm_resource, which takes what k8s_resource does. */
  readonly resource?: Resource;
}

/** What k8s_resource says of a workload. */
export interface Resource {
  readonly call: Call;
  readonly workload: string;
  readonly newName?: string;
  readonly forwards: readonly Forward[];
  readonly resourceDeps: readonly string[];
  readonly isManual: boolean;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

export interface Forward {
  readonly port: number;
  readonly containerPort?: number;
}
