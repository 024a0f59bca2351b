import type { ExecutorContext } from '@nx/devkit';
import { Secrets, formatError, scrub } from '../report';
import { withCancellation } from './cancellation';
import { consoleReporter, type ConsoleReporter } from './console-reporter';

/** What every run of a target of ours has. */
export interface TargetRun {
  readonly secrets: Secrets;
  readonly reporter: ConsoleReporter;
  readonly signal: AbortSignal;
  /** A second Ctrl-C. */
  readonly kill: AbortSignal;
}

export interface RunTarget {
  /** Where secrets may stand, beside the user's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output is for what programs read; people read the other. */
  readonly quiet?: boolean;
  /** Told of the error, before it is shown. */
  readonly onError?: (error: unknown, run: TargetRun) => void;
}

/**
 * The frame of an executor: secrets, lines, Ctrl-C, and the one place where an
 * error becomes a text.
 */
export async function runTarget(
  context: ExecutorContext,
  { env, quiet, onError }: RunTarget,
  work: (run: TargetRun) => Promise<void>,
): Promise<{ success: boolean }> {
  const secrets = new Secrets({ ...process.env, ...env });
  const reporter = consoleReporter(secrets, quiet ? 'stderr' : 'stdout');
  return withCancellation(async (signal, kill) => {
    const run = { secrets, reporter, signal, kill };
    try {
      await work(run);
      return { success: true };
    } catch (error) {
      onError?.(error, run);
      const verbose =
        context.isVerbose || process.env.NX_VERBOSE_LOGGING === 'true';
      const text = scrub(formatError(error, verbose), secrets.all);
      process.stderr.write(`${text}\n`);
      return { success: false };
    }
  });
}
