import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { plain } from './said';

type Env = Readonly<Record<string, string | undefined>>;

export interface Place {
  readonly cwd: string;
  readonly env: Env;
}

export interface Ended extends Place {
  readonly exitCode: number;
  readonly output: string;
}

/** Of a loaded machine, for an installation. */
const DEADLINE_MS = 240_000;
const GRACE_MS = 10_000;
const STEP_MS = 50;

/**
 * Runs a script by sh, which stops at the first command that fails.
 * @returns also where it has left its reader: folder and variables
 */
export async function runScript(script: string, place: Place): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-story-'));
  const left = join(folder, 'left');
  const trap = `trap 'pwd > "${left}" && env -0 >> "${left}"' EXIT`;
  try {
    const running = new Running(`${trap}\nset -e\n${script}`, place);
    const exitCode = await running.end();
    return { exitCode, output: running.output, ...(await placeIn(left)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function placeIn(file: string): Promise<Place> {
  const text = await readFile(file, 'utf8');
  const end = text.indexOf('\n');
  const pairs = text
    .slice(end + 1)
    .split('\0')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const [name = '', ...value] = pair.split('=');
      return [name, value.join('=')];
    });
  return { cwd: text.slice(0, end), env: Object.fromEntries(pairs) };
}

/** A script at work, in a process group of its own, as a terminal starts it. */
export class Running {
  /** Both streams, without colours. */
  output = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown[]>;

  constructor(
    private readonly script: string,
    { cwd, env }: Place,
  ) {
    this.child = spawn('sh', ['-c', script], {
      cwd,
      env: env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.closed = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk) => (this.output += plain(String(chunk))));
    }
  }

  /** @throws an error with the output, if it ends or time is over before */
  async until(what: string, isSo: () => boolean): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!isSo()) {
      if (this.hasEnded) throw this.error(`ended before ${what}`);
      if (Date.now() > deadline) throw this.error(`never: ${what}`);
      await sleep(STEP_MS);
    }
  }

  /** @returns the exit code; 1 for a signal */
  async end(): Promise<number> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!this.hasEnded) {
      if (Date.now() > deadline) {
        await this.stop();
        throw this.error('did not end');
      }
      await Promise.race([this.closed, sleep(STEP_MS)]);
    }
    await this.closed;
    return this.child.exitCode ?? 1;
  }

  /** As Ctrl-C does, and for all that stay harder. */
  async stop(): Promise<void> {
    this.signal('SIGINT');
    const deadline = Date.now() + GRACE_MS;
    while (this.signal(0) && Date.now() < deadline) await sleep(STEP_MS);
    this.signal('SIGKILL');
    await this.closed;
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** @returns whether anybody of the group is there */
  private signal(name: NodeJS.Signals | 0): boolean {
    const { pid } = this.child;
    if (pid === undefined) return false;
    try {
      return process.kill(-pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      return false;
    }
  }

  private error(what: string): Error {
    return new Error(`${what}:\n${this.script}\n${this.output}`);
  }
}
