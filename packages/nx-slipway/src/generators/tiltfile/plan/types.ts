import type { PluginOptions, TargetNames } from '../../../settings';
import type { Target } from '../../targets';
import type { Call } from '../read';

/** What the workspace has already; roots and paths from its root, which is ''. */
export interface Workspace {
  readonly projects: readonly KnownProject[];
  readonly targetNames: TargetNames;
  /** Files that no image is built for: the Tiltfiles, and the report. */
  readonly ignored: readonly string[];
  readonly isFile: (path: string) => boolean;
  readonly exists: (path: string) => boolean;
  /** None: no file. */
  readonly read: (path: string) => string | undefined;
}

export interface KnownProject {
  readonly name: string;
  readonly root: string;
  readonly targets: Readonly<Record<string, KnownTarget>>;
}

export interface KnownTarget {
  /** None: it is implied by the target's name. */
  readonly executor?: string;
  readonly ref?: string;
}

export interface Place {
  readonly name: string;
  readonly root: string;
}

export interface PlannedTarget {
  readonly project: Place;
  readonly target: string;
  readonly config: Target;
  /** What it comes from. */
  readonly calls: readonly Call[];
}

export interface PlannedOption {
  readonly options: PluginOptions;
  readonly call: Call;
}

export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly call: Call;
}

/** What became of one call. */
export interface Finding {
  readonly call: Call;
  readonly result: 'moved' | 'part' | 'needless' | 'left';
  /** `frontend:custom-build`, `nx.json`. */
  readonly to: readonly string[];
  /** Why it was not moved, or what of it. */
  readonly problems: readonly string[];
  /** What is different here. */
  readonly notes: readonly string[];
  readonly todo?: string;
}

export interface Plan {
  readonly targets: readonly PlannedTarget[];
  readonly plugin: readonly PlannedOption[];
  readonly files: readonly PlannedFile[];
  readonly ledger: Ledger;
  /** The project to serve, if any deploys. */
  readonly served?: string;
}

/** Collects what is found of each call, each once and in its order. */
export interface Ledger {
  moved(call: Call, to: string): void;
  /** It did not arrive there after all. */
  refused(call: Call, to: string, why: string): void;
  note(call: Call, ...notes: readonly string[]): void;
  problem(call: Call, ...problems: readonly string[]): void;
  fate(
    call: Call,
    fate: { isNeedless?: true; why: string; todo?: string },
  ): void;
  todo(call: Call, todo: string): void;
  findings(): Finding[];
}
