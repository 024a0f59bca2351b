import type { Cluster } from '../cluster';
import type { ManifestObject } from '../manifest';
import type { Reporter } from '../report';
import type { ReadyObject } from './readiness';

/** What tells one manifest set from all others in a cluster. */
export interface SetId {
  /** Of nx.json. */
  readonly workspaceId: string;
  readonly project: string;
  /** Empty: none. */
  readonly configuration: string;
}

export interface DeploySet {
  readonly id: SetId;
  /** Where objects go that name none, and where the inventory stands. */
  readonly namespace: string;
  /** With the images in them. */
  readonly objects: readonly ManifestObject[];
}

export interface DeployOptions {
  /** Take fields over from other managers. */
  readonly forceConflicts: boolean;
  /** Delete what this set applied before and no longer has. */
  readonly prune: boolean;
  /** Even what may hold data, and what is annotated to be kept. */
  readonly pruneData: boolean;
  /** What may be deleted and made anew, as `kind/name`. */
  readonly recreate: readonly string[];
  /** Jobs, by their names, that run again though they have not changed. */
  readonly rerun: readonly string[];
  readonly createNamespace: boolean;
  /** Wait until all is ready. */
  readonly wait: boolean;
  /** Milliseconds: of the wait for readiness, and of each for an object to go. */
  readonly timeout: number;
  /** Take the set from whoever holds it. */
  readonly takeover: boolean;
  /** Whether it is a local product's cluster. Default: as the cluster says. */
  readonly isLocal?: boolean;
}

export interface DeploySystems {
  readonly cluster: Cluster;
  readonly reporter: Reporter;
  /** Milliseconds, of a clock that only goes on. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /**
   * For people, `ann@desk pid 7 shop:deploy`, with a word that identifies the
   * process to others on this machine (`identityOf` of the state room).
   */
  readonly holder: string;
  /** Told of each object as soon as it is done with, whatever comes after. */
  readonly onObject?: (report: ObjectReport) => void;
}

/** What has come of an object; in a plan, what would. */
export type ObjectAction =
  | 'created'
  | 'changed'
  | 'unchanged'
  /** Deleted and made anew. */
  | 'recreated'
  /** A Job that had done its work, and was taken away by its own ttl. */
  | 'finished'
  /** By the API server, or by us. */
  | 'refused'
  | 'pruned'
  /** By `down`. */
  | 'deleted'
  /** Would be deleted, but for a guard. */
  | 'kept';

/** A field that is not what it was. */
export interface FieldChange {
  /** `spec.template.spec.containers[web].image` */
  readonly path: string;
  /** As JSON, in one line. None: the field is new, or its values are secret. */
  readonly from?: string;
  /** None: the field is gone, or its values are secret. */
  readonly to?: string;
}

/** One object of a report, as plain data: it is printed by `--output json`. */
export interface ObjectReport {
  readonly action: ObjectAction;
  readonly apiVersion: string;
  readonly kind: string;
  /** None: cluster-scoped. */
  readonly namespace?: string;
  readonly name: string;
  /** Of what is kept, refused, recreated. */
  readonly reason?: string;
  /** Of what is changed; the first of them. */
  readonly diff?: readonly FieldChange[];
  /** How many more there are. */
  readonly moreChanges?: number;
  /** Whether pods are replaced, since their template changes. */
  readonly rolls?: boolean;
}

export interface DeployPlan {
  readonly objects: readonly ObjectReport[];
}

export interface DeployReport {
  readonly objects: readonly ObjectReport[];
  /** What was waited for. */
  readonly ready: readonly ReadyObject[];
}

export interface DownOptions {
  /** Report what would be deleted, and delete nothing. */
  readonly dryRun: boolean;
  readonly deleteNamespaces: boolean;
  /** Even what may hold data, and what is annotated to be kept. */
  readonly deleteData: boolean;
  /** Milliseconds, of each wait for objects to go. */
  readonly timeout: number;
  readonly takeover: boolean;
}

export interface DownReport {
  readonly objects: readonly ObjectReport[];
  /** The images that stood in what was deleted, each once. */
  readonly images: readonly string[];
}
