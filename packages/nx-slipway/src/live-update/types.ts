/** What the option `liveUpdate` of an image says, checked: plain data. */
export interface LiveUpdate {
  /** Of these none is brought into a container: they need a build. */
  readonly fallBackOn: readonly FileRule[];
  /** None: a new container gets only what has changed since its image. */
  readonly initialSync?: {
    /** dockerignore patterns, relative to the source of each sync. */
    readonly ignore: readonly string[];
  };
  readonly syncs: readonly Sync[];
  readonly runs: readonly Run[];
  /** Whether the process starts again afterwards. */
  readonly restart: boolean;
}

/** Files of the workspace: one, a folder with all in it, or a glob. */
export interface FileRule {
  /** As the user wrote it, for messages. */
  readonly written: string;
  /** Relative to the workspace root, with `/`, no `./`, none at the end. */
  readonly path: string;
}

/** Where files of the workspace stand in a container. */
export interface Sync {
  readonly from: FileRule;
  /** Absolute; with a `/` at its end a single file keeps its name. */
  readonly to: string;
  /** `build`, `shop:build`: the Nx target that makes what is in `from`. */
  readonly target?: string;
}

/** A command in the container. */
export interface Run {
  /** Without a shell; what the user wrote as a string is `sh -c STRING`. */
  readonly argv: readonly string[];
  /** As the user wrote it, for messages. */
  readonly written: string;
  /** None: each time. */
  readonly trigger?: readonly FileRule[];
}

/** Where something stands in a container. */
export interface Place {
  /** Absolute, without `.` and `..`. */
  readonly path: string;
  /**
   * The folder of the sync that it is of: it stands below this one, and no link
   * from there on is followed.
   */
  readonly below: string;
}

/** A file of the workspace, as it is to stand in containers. */
export interface Entry extends Place {
  /** Relative to the workspace root, with `/`. */
  readonly source: string;
  /** As `FileStates` of inputs/ has it: `<kind> <sha256 | link target>`. */
  readonly state: string;
}

/** What the files of syncs are in a container, by their paths there. */
export type Content = ReadonlyMap<string, Entry>;

/** What one container is to be given, in this order. */
export interface Batch {
  readonly deletes: readonly Place[];
  readonly writes: readonly Entry[];
  readonly runs: readonly Run[];
  readonly restart: boolean;
}

/** What became of it. */
export interface Applied {
  /**
   * What now stands there, by path, of each write: as it was read, which may be
   * newer than what the batch says; undefined: the file was gone.
   */
  readonly states: ReadonlyMap<string, string | undefined>;
  /** The first run that ended otherwise than with 0; later ones did not begin. */
  readonly failedRun?: FailedRun;
  /** Milliseconds. */
  readonly times: {
    readonly sync: number;
    readonly run?: number;
    readonly restart?: number;
  };
}

export interface FailedRun {
  readonly run: Run;
  /** 1 to 255, but for 137. */
  readonly exitCode: number;
}

/** One container, as the kubelet started it. */
export interface ContainerPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Gives one container what it is to hold, one batch after the other. */
export interface ContainerLink {
  /**
   * @throws SLIPWAY_E_LIVE_UPDATE if it cannot be done there, whatever the reason
   *   but the run itself: no shell, a folder that may not be written, a killed
   *   tar or run (137), a container that has gone; SLIPWAY_E_CANCELLED
   */
  apply(batch: Batch): Promise<Applied>;
  /** Makes ready for a batch that may come: the first takes no longer than others. */
  prepare(): void;
  close(): void;
}
