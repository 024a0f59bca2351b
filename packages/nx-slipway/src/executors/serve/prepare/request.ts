import type { Task } from '@nx/devkit';
import type { DepSelection } from '../../../inputs';

/** The tasks of one image. */
export interface ImageTasks {
  /** Of the workspace, absolute. */
  readonly root: string;
  /** The target that they come before: `web:custom-build`. */
  readonly image: string;
  readonly configuration?: string;
  /** What it names itself. */
  readonly wanted: readonly Task[];
  /** These, and all that they depend on. */
  readonly all: readonly Task[];
  readonly hasTarget: (project: string, target: string) => boolean;
  /** Folders, absolute, from whose `.env` files Nx has read for serve. */
  readonly dotEnv: readonly string[];
  /** What they read. */
  readonly sources: DepSelection;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Cuts the grace of what was cancelled short: a second Ctrl-C. */
  readonly kill?: AbortSignal;
  /** Told whole lines with their ends, scrubbed and without colours. */
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: string) => void;
  readonly secrets: readonly string[];
}

export interface Request {
  readonly of: ImageTasks;
  readonly options: RunOptions;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** What several images wait for in one run. Who is cancelled leaves it. */
export interface Batch {
  readonly requests: Set<Request>;
  /** Of all tasks that may run. */
  readonly ids: Set<string>;
  readonly cancel: AbortController;
}
