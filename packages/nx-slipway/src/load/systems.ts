import type { Cluster } from '../cluster';
import type { DockerEngine } from '../docker';
import type { Reporter } from '../report';
import type { KnownImages } from './known-images';

/** What a load talks to. */
export interface LoadSystems {
  /** That has the images. */
  readonly docker: DockerEngine;
  readonly cluster: Cluster;
  /** The whole environment of load commands; Docker's own is put over it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where load commands run, absolute: the workspace root. */
  readonly dir: string;
  readonly reporter: Reporter;
  readonly secrets: () => readonly string[];
  readonly signal: AbortSignal;
  /** Shared by the loads of one process; none: nothing is remembered. */
  readonly known?: KnownImages;
  /** For archives; the system's unless given. */
  readonly tempFolder?: string;
}
