import { scrub, type Reporter } from '../../report';
import type { Clock } from './clock';
import type { Watchdogs } from './shared-watchdog';

export interface CommandRun {
  /** A string goes to the shell; an array is run as it is. */
  readonly command: string | readonly string[];
  /** Absolute. */
  readonly dir: string;
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * `NAME=VALUE` of `env`, without a space in it: what carries it is ended with
   * the process group, whatever group it is in itself. None: that lives on.
   */
  readonly mark?: string;
  /** Milliseconds; none: as long as it takes. */
  readonly timeout?: number;
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  /** Cancels: the process group is asked to end, then killed. */
  readonly signal: AbortSignal;
  /** Cuts the grace of a cancelled command short: a second Ctrl-C. */
  readonly kill?: AbortSignal;
  readonly reporter: Reporter;
  /**
   * Told the command's process group as soon as it is known. If it fails, the
   * command is ended and the run fails with the same error.
   */
  readonly onStart?: (group: number) => void | Promise<void>;
  /** In a process that runs many; else each starts a watchdog of its own. */
  readonly watchdogs?: Watchdogs;
  /** The machine's own unless a test brings one. */
  readonly clock?: Clock;
}

const MAX_SHOWN = 200;

/** The command for people: on one line, with no secret, not too long. */
export function describeCommand({
  command,
  secrets,
}: Pick<CommandRun, 'command' | 'secrets'>): string {
  const text = typeof command === 'string' ? command : command.join(' ');
  // Scrubbed first: a secret that is cut is no longer found.
  const line = scrub(text, secrets).trim().replace(/\s+/g, ' ');
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}
