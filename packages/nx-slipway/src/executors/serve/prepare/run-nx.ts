import { randomUUID } from 'node:crypto';
import { runCommand } from '../../../build';
import { hasCode, type Secrets, type SlipwayError } from '../../../report';
import { withoutDotEnv } from './dot-env';
import { nxEnvironment } from './environment';
import { NxOutput, type NxLine } from './nx-output';

export interface NxRun {
  /** Absolute. */
  readonly root: string;
  readonly args: readonly string[];
  readonly dotEnv: readonly string[];
  /** Whose tasks may run. */
  readonly projects: readonly string[];
  readonly secrets: Secrets['all'];
  readonly signal: AbortSignal;
  readonly kill?: AbortSignal;
  readonly onLine: (line: NxLine) => void;
}

/** Of a run that did not do well. */
export interface NxFailure {
  /** Ids; none if it is not known what has failed. */
  readonly failed: readonly string[];
  readonly error: SlipwayError;
  /** The last lines that a project's tasks printed. */
  readonly tailOf: (project: string) => string;
}

/**
 * Runs the workspace's own Nx, whose face is the same in every version, in a
 * process of its own: its state stays out of ours, which runs all day.
 * @throws SLIPWAY_E_CANCELLED once its process group is gone
 */
export async function runNx(run: NxRun): Promise<NxFailure | undefined> {
  const { root, args, projects, secrets, signal, kill } = run;
  const output = new NxOutput(projects, run.onLine);
  // Nx starts each task in a group of its own, and forgets one that it is just
  // starting when it is asked to end.
  const [name, id] = ['NX_SLIPWAY_PREPARE', randomUUID()];
  const own = nxEnvironment(withoutDotEnv(process.env, run.dotEnv));
  try {
    await runCommand({
      command: [process.execPath, require.resolve('nx/bin/nx.js'), ...args],
      dir: root,
      env: { ...own, [name]: id },
      mark: `${name}=${id}`,
      secrets,
      signal,
      kill,
      reporter: {
        info: () => {},
        warn: (line) => run.onLine({ stream: 'stderr', line }),
        output: (stream, chunk) => output.push(stream, chunk),
      },
    });
    return undefined;
  } catch (error) {
    output.end();
    // Nx says 130 of tasks that it has left out, too.
    if (!hasCode(error, 'SLIPWAY_E_COMMAND_FAILED')) throw error;
    return {
      error,
      failed: output.failed,
      tailOf: (project) => output.tailOf(project).toString(),
    };
  }
}
