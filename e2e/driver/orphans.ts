import { readFile, readdir } from 'node:fs/promises';

/** Every process of a test run has it in its environment; the sandbox's not. */
export const MARK = 'SLIPWAY_TEST_RUN';

/**
 * Ends what a killed run left: Nx starts jest in a process group of its own,
 * which goes on, and would stop daemons under the tests of the next run. Call
 * it with the lock of all runs held, so that nobody else's can be among them.
 */
export async function endOrphans(mark = MARK): Promise<void> {
  for (const pid of await markedProcesses(mark)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It has ended by itself meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** From /proc; elsewhere than on Linux there are none to be found. */
async function markedProcesses(mark: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    pids.map((pid) => markedPid(Number(pid), mark)),
  );
  return marked.flatMap((pid) => (pid === undefined ? [] : [pid]));
}

async function markedPid(
  pid: number,
  mark: string,
): Promise<number | undefined> {
  // Gone, or another user's: not ours either way.
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(
    () => '',
  );
  return environment.split('\0').some((line) => line.startsWith(`${mark}=`))
    ? pid
    : undefined;
}
