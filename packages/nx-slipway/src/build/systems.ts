import type { DockerEngine } from '../docker';
import type { CredentialSource, RegistryClient } from '../registry';
import type { Reporter } from '../report';
import type { KnownFiles } from '../inputs';
import type { Ledger } from '../state';
import type { Registry } from '../image';
import type { Watchdogs } from './command';
import type { BuildPlace } from './expected-ref';

/** The systems that a build talks to. */
export interface BuildSystems {
  /** Opens nothing until first used. */
  readonly docker: DockerEngine;
  /**
   * One kept-alive client per host.
   * @param host `host[:port]`, as this machine reaches it
   * @param registry whose `insecure` and `caFile` hold, if it is that host's
   */
  readonly connectRegistry: (
    host: string,
    registry: Registry | undefined,
  ) => RegistryClient;
  readonly credentials: CredentialSource;
  readonly ledger: Ledger;
  readonly place: BuildPlace;
  /** The user's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The command's own, if a context was named. */
  readonly kubeconfig?: string;
  /** The names of the images on the nodes of that context. */
  readonly imagesOnNodes?: () => Promise<readonly string[]>;
  /** What the command gets in front of its PATH. */
  readonly toolFolders: () => Promise<readonly string[]>;
  /** Where many builds are made in one process. */
  readonly knownFiles?: KnownFiles;
  /** As CommandRun.watchdogs. */
  readonly watchdogs?: Watchdogs;
  readonly now: () => number;
  readonly reporter: Reporter;
  /** Values that must not be shown, as far as they are known by now. */
  readonly secrets: () => readonly string[];
  readonly signal: AbortSignal;
  /** Cuts the grace of a cancelled command short: a second Ctrl-C. */
  readonly kill?: AbortSignal;
}
