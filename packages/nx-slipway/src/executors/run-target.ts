import type { ExecutorContext } from '@nx/devkit';
import {
  Secrets,
  SlipwayError,
  formatError,
  jsonLine,
  scrub,
  withoutSecrets,
} from '../report';
import { withCancellation } from './cancellation';
import { consoleReporter, type ConsoleReporter } from './console-reporter';

/** What every run of a target of ours has. */
export interface TargetRun {
  readonly secrets: Secrets;
  readonly reporter: ConsoleReporter;
  readonly signal: AbortSignal;
  /** A second Ctrl-C. */
  readonly kill: AbortSignal;
  /** Adds to what `--output json` tells, whatever comes of the run. */
  readonly tell: (part: object) => void;
}

export interface RunTarget {
  /** Where secrets may stand, beside the user's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output is for what programs read; people read the other. */
  readonly quiet?: boolean;
  /** Print what `work` returns, or why it failed, as one JSON object. */
  readonly json?: boolean;
}

/** What they hold is the answer itself, and no secret: a name may look like one. */
const AS_THEY_ARE = ['ref', 'yaml', 'kind', 'name', 'namespace'];

/**
 * The frame of an executor: secrets, lines, Ctrl-C, and the one place where an
 * error becomes a text.
 * @param work returns what `--output json` tells beside schema and target; with
 *   `success: false` the target fails, and all has been said
 */
export async function runTarget(
  context: ExecutorContext,
  { env, quiet, json }: RunTarget,
  work: (run: TargetRun) => Promise<object | void>,
): Promise<{ success: boolean }> {
  const secrets = new Secrets({ ...process.env, ...env });
  const reporter = consoleReporter(
    secrets,
    quiet || json ? 'stderr' : 'stdout',
  );
  let told = {};
  const tell = (part: object) => {
    told = { ...told, ...part };
  };
  const answer = (success: boolean, result: object) => {
    if (!json) return;
    const { projectName: project, targetName: target } = context;
    const { configurationName: configuration } = context;
    const head = { schema: 1, project, target, configuration, success };
    const value = { ...head, ...told, ...result };
    reporter.answer(jsonLine(withoutSecrets(value, secrets.all, AS_THEY_ARE)));
  };
  return withCancellation(async (signal, kill) => {
    try {
      const parts = { secrets, reporter, signal, kill, tell };
      const result = (await work(parts)) ?? {};
      const { success = true } = result as { success?: boolean };
      answer(success, result);
      return { success };
    } catch (error) {
      const verbose =
        context.isVerbose || process.env.NX_VERBOSE_LOGGING === 'true';
      const text = scrub(formatError(error, verbose), secrets.all);
      process.stderr.write(`${text}\n`);
      answer(false, { error: errorParts(error) });
      return { success: false };
    }
  });
}

function errorParts(error: unknown) {
  if (error instanceof SlipwayError) {
    const { code, message, hint } = error;
    return { code, message, hint };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}
