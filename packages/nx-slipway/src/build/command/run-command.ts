import { constants } from 'node:os';
import { endGroup, endMarked, type LastLines } from '../../tool';
import { realClock, type Clock } from './clock';
import { describeCommand, type CommandRun } from './command-run';
import { cancelled, exitError, timedOut } from './end-error';
import { startHeartbeat } from './heartbeat';
import { streamOutput, type CommandOutput } from './output';
import { startCommand, type Exit, type Started } from './start';
import type { Guard } from './shared-watchdog';
import { canWatch, startWatchdog } from './watchdog';

/**
 * How long, after a command's own end, we wait for what it started and left
 * holding its output. In milliseconds.
 */
const LINGER_MS = 2000;
/**
 * Nx ends the processes of a task from the last to the first, so that a command
 * may be dead before we hear that all is cancelled. In milliseconds.
 */
const CANCEL_MS = 500;
/** With the 4 s that the end of a group may take, below Nx's grace of 5 s. */
const LAST_WORDS_MS = 500;

/**
 * Runs the user's build command to its end. Its standard input is closed, its
 * output streams through, scrubbed. On cancel and timeout its process group
 * dies: asked first, then killed; so it does when this process is killed. What
 * left the group is a daemon and lives on, and so does at normal exit whatever
 * the command left in the background.
 * @throws SLIPWAY_E_COMMAND_NOT_FOUND, SLIPWAY_E_COMMAND_FAILED,
 *   SLIPWAY_E_COMMAND_TIMEOUT, SLIPWAY_E_CANCELLED, SLIPWAY_E_OPTION_INVALID
 *   if `dir` is no folder; and what `onStart` throws
 */
export async function runCommand(run: CommandRun): Promise<void> {
  if (run.signal.aborted) throw cancelled();
  const watchdog = await postWatchdog(run);
  try {
    // Asked again: that took a moment.
    if (run.signal.aborted) throw cancelled();
    const started = await startCommand(run, (group) => watchdog?.guard(group));
    await attend(started, run);
  } catch (error) {
    if (run.mark !== undefined) await endMarked(run.mark);
    throw error;
  } finally {
    watchdog?.dismiss();
  }
}

/** A command is better run without one than not at all. */
async function postWatchdog(run: CommandRun): Promise<Guard | undefined> {
  if (!canWatch(process.platform)) return undefined;
  const { mark, watchdogs, env } = run;
  try {
    // A mark is of one command.
    if (watchdogs && mark === undefined) return await watchdogs.take();
    const own = await startWatchdog(env.PATH ?? '/usr/bin:/bin');
    if (mark !== undefined) own.mark(mark);
    return own;
  } catch (error) {
    run.reporter.warn(
      `if this task is killed, its command may stay: the watchdog could not be started (${String(error)}).`,
    );
    return undefined;
  }
}

/** Why a command has to be ended, once it is. */
interface Stop {
  readonly error: () => unknown;
}

/** From the command's start to its end, its own or ours. */
async function attend(started: Started, run: CommandRun): Promise<void> {
  const clock = run.clock ?? realClock;
  const say = (line: string) => run.reporter.info(line);
  const heartbeat = startHeartbeat(describeCommand(run), say, clock);
  const output = streamOutput(started.child, run, () => heartbeat.heard());
  const stop = stopOf(run, clock, output.tail);
  const noted = Promise.resolve(started.group).then(run.onStart);
  try {
    const end = await Promise.race([
      Promise.all([ownEnd(started, output, clock), noted]).then(
        ([exit]) => exit,
        (error: unknown): Stop => ({ error: () => error }),
      ),
      stop.asked,
    ]);
    if ('error' in end) {
      await endCommand(started, output, run);
      throw end.error();
    }
    if (await output.leave()) {
      run.reporter.warn(
        `the command ended, but what it started in the background holds its output (process group ${started.group}). It is left running; redirect its output, and nothing waits for it.`,
      );
    }
    const error = exitError(run, end, output.tail);
    if (error && isBySignal(end)) await isWithin(CANCEL_MS, stop.asked, clock);
    if (error) throw run.signal.aborted ? cancelled() : error;
  } finally {
    stop.forget();
    heartbeat.stop();
  }
}

/** A shell whose program a signal has ended says so with a code above 128. */
function isBySignal({ code, signal }: Exit): boolean {
  const numbers = Object.values(constants.signals);
  return signal !== null || numbers.includes((code ?? 0) - 128);
}

/** Cancel and timeout, whichever comes first. */
function stopOf(run: CommandRun, clock: Clock, tail: LastLines) {
  const { signal, timeout } = run;
  let forget = () => {};
  const asked = new Promise<Stop>((resolve) => {
    const cancel = () => resolve({ error: cancelled });
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const late = () => resolve({ error: () => timedOut(run, tail) });
    const unwind = timeout ? clock.after(timeout, late) : () => {};
    forget = () => {
      signal.removeEventListener('abort', cancel);
      unwind();
    };
  });
  return { asked, forget: () => forget() };
}

/** The end of the command itself, and soon after that of its output. */
async function ownEnd(
  { exit }: Started,
  output: CommandOutput,
  clock: Clock,
): Promise<Exit> {
  const end = await exit;
  await isWithin(LINGER_MS, output.ended, clock);
  return end;
}

async function endCommand(
  { child, group }: Started,
  output: CommandOutput,
  { kill, reporter }: CommandRun,
): Promise<void> {
  if (!(await endGroup(group, kill))) {
    reporter.warn(
      `process group ${group} of the command could not be ended: does it run as another user?`,
    );
    child.unref();
  }
  // What it said when it was asked to end is worth reading.
  await isWithin(LAST_WORDS_MS, output.leave(), realClock);
}

async function isWithin(
  ms: number,
  work: Promise<unknown>,
  clock: Clock,
): Promise<boolean> {
  let forget = () => {};
  const late = new Promise<false>((resolve) => {
    forget = clock.after(ms, () => resolve(false));
  });
  const done = work.then(() => true as const);
  return Promise.race([done, late]).finally(() => forget());
}
