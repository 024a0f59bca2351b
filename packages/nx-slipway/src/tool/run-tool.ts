import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ResultPromise } from 'execa';
import type { ErrorCode, Reporter } from '../report';
import { startBeat } from './beat';
import { endGroup } from './group';
import {
  cancelled,
  failed,
  howItEnded,
  missing,
  type Ended,
} from './tool-errors';
import { keepOutput, TOO_MUCH } from './tool-output';

export interface ToolRun {
  /** Program and arguments; no shell reads them. */
  readonly argv: readonly string[];
  /** Whether Windows is given the arguments as they are: of `inShell`. */
  readonly isVerbatim?: boolean;
  /** Where it runs, absolute. */
  readonly dir: string;
  /** The whole environment of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For people, before "took" or "failed": `loading web:nx-12 into node-1`. */
  readonly doing: string;
  /** Of the error, when it fails. */
  readonly code: ErrorCode;
  /** What to do when it fails. */
  readonly hint?: string;
  /** Whether what it says on standard error is shown as it comes. */
  readonly showsStderr?: boolean;
  readonly reporter: Reporter;
  readonly secrets: () => readonly string[];
  readonly signal: AbortSignal;
}

/** How long what the tool leaves behind may hold its output, in milliseconds. */
const LINGER_MS = 2000;

/**
 * Runs a tool of the user's to its end: a group of its own, no standard input,
 * its output kept. After 2 s, and each time it has taken twice as long, a line
 * says that it runs. Cancel ends the whole group.
 * @returns what it printed on standard output, 64 MiB at most
 * @throws SLIPWAY_E_TOOL_MISSING, SLIPWAY_E_CANCELLED, and an error of the
 *   code of the run with the last lines of what it printed, secrets masked
 */
export async function runTool(run: ToolRun): Promise<Buffer> {
  const { argv, dir, env, doing, reporter, signal } = run;
  const [program = '', ...args] = argv;
  if (signal.aborted) throw cancelled(doing);
  const { execa } = await import('execa');
  const child = execa(program, args, {
    cwd: dir,
    env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    // A group of its own, so that nothing it started outlives the cancel.
    detached: process.platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: run.isVerbatim,
  });
  const output = keepOutput(
    child,
    run.secrets(),
    run.showsStderr
      ? (text) => void reporter.output('stderr', text)
      : undefined,
  );
  const quiet = startBeat(doing, reporter);
  const stop = stopOf(child, run);
  signal.addEventListener('abort', stop.ask, { once: true });
  output.onFull = stop.ask;
  try {
    if (signal.aborted) stop.ask();
    const ends = [child, lingered(child), stop.outlived];
    const result = await Promise.race(ends);
    output.leave();
    await stop.done();
    if (signal.aborted) throw cancelled(doing);
    if (output.isFull) throw failed(run, TOO_MUCH, '');
    if (!result.failed) return output.stdout();
    if (result.code === 'ENOENT' && isFolder(dir)) throw missing(run, program);
    throw failed(run, howItEnded(result), output.tail.toString());
  } finally {
    quiet();
    signal.removeEventListener('abort', stop.ask);
  }
}

/** Ends its group when it is asked to, once. */
function stopOf(child: ResultPromise, { reporter, argv }: ToolRun) {
  let outlive: (end: Ended) => void;
  const outlived = new Promise<Ended>((resolve) => (outlive = resolve));
  let ending: Promise<void> | undefined;
  const end = async (group: number) => {
    if (await endGroup(group)) return;
    reporter.warn(
      `process group ${group} of ${argv[0]} could not be ended: does it run as another user?`,
    );
    child.unref();
    outlive({ failed: true });
  };
  return {
    ask: () => {
      if (child.pid !== undefined) ending ??= end(child.pid);
    },
    done: async () => ending,
    /** What it takes for the end of a tool that cannot be ended. */
    outlived,
  };
}

/** Its own end, where something that it has started holds its output. */
function lingered(child: ResultPromise): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      void sleep(LINGER_MS, undefined, { ref: false }).then(() =>
        resolve({
          failed: code !== 0,
          exitCode: code ?? undefined,
          signal: signal ?? undefined,
        }),
      );
    });
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
