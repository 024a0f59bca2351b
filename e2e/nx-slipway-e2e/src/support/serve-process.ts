import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { ServeEvent } from '../../../../packages/nx-slipway/src/serve';
import { isAlive } from '../../../../packages/nx-slipway/src/testing/wait';
import { processesWith } from './marked-processes';
import type { NxEnv } from './nx-commands';
import type { TestWorkspace } from './workspace';

/** Of a loaded machine, for a build, a push and a rollout. */
const DEADLINE_MS = 60_000;
const STEP_MS = 20;
const MARK = 'SLIPWAY_E2E_SERVE';

export type Of<T extends ServeEvent['type']> = Extract<ServeEvent, { type: T }>;

/**
 * `nx` at work in a workspace as a shell would start it: in a process group of
 * its own. What it tells, by `--output=json`, is taken as it comes, each event
 * once and in order.
 */
export class NxProcess {
  /** Both streams, without colours. */
  output = '';
  readonly events: ServeEvent[] = [];
  private readonly mark = `${MARK}=${randomUUID()}`;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown[]>;
  private rest = '';
  private taken = 0;

  constructor(
    workspace: TestWorkspace,
    private readonly args: readonly string[],
    env: NxEnv = {},
  ) {
    const [, id] = this.mark.split('=');
    this.child = spawn(join(workspace.root, 'node_modules/.bin/nx'), args, {
      cwd: workspace.root,
      env: workspace.env({ NX_TUI: 'false', [MARK]: id, ...env }),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'close');
    this.child.stdout?.on('data', (chunk) => this.take(String(chunk)));
    this.child.stderr?.on('data', (chunk) => this.show(String(chunk)));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The process of the executor, which says so itself. */
  get executor(): number {
    const start = this.events.find(({ type }) => type === 'start');
    return start?.type === 'start' ? start.pid : 0;
  }

  /** All that it has started and that runs, in whichever group. */
  get processes(): number[] {
    return processesWith(this.mark);
  }

  /** What is told from here on is asked for next. */
  skip(): void {
    this.taken = this.events.length;
  }

  /** What was told and not asked for yet. */
  get unseen(): readonly ServeEvent[] {
    return this.events.slice(this.taken);
  }

  /** The next event that is so; those before it are passed over. */
  async until<E extends ServeEvent>(
    what: string,
    isIt: (event: ServeEvent) => event is E,
  ): Promise<E>;
  async until(
    what: string,
    isIt: (event: ServeEvent) => boolean,
  ): Promise<ServeEvent>;
  async until(what: string, isIt: (event: ServeEvent) => boolean) {
    return this.wait(what, () => {
      const at = this.events.findIndex(
        (event, index) => index >= this.taken && isIt(event),
      );
      if (at < 0) return undefined;
      this.taken = at + 1;
      return this.events[at];
    });
  }

  /** The next event of a type. */
  next<T extends ServeEvent['type']>(
    type: T,
    isIt: (event: Of<T>) => boolean = () => true,
    what: string = type,
  ): Promise<Of<T>> {
    return this.until(
      what,
      (event): event is Of<T> => event.type === type && isIt(event as Of<T>),
    );
  }

  upToDate(): Promise<Of<'up-to-date'>> {
    return this.next('up-to-date');
  }

  /** The next end of a cycle of an image or a project. */
  cycle(name: string, result: Of<'cycle'>['result']): Promise<Of<'cycle'>> {
    return this.next(
      'cycle',
      (cycle) =>
        (cycle.image ?? cycle.project) === name && cycle.result === result,
      `a cycle of ${name} that is ${result}`,
    );
  }

  /** The next state of an image or a project that is so. */
  state(name: string, state: Of<'state'>['state']): Promise<Of<'state'>> {
    return this.next(
      'state',
      (event) =>
        ('image' in event ? event.image : event.project) === name &&
        event.state === state,
      `${name} ${state}`,
    );
  }

  /** Until it stands in what is printed. @returns what is printed up to now */
  async prints(text: string | RegExp): Promise<string> {
    const isThere = () =>
      typeof text === 'string'
        ? this.output.includes(text)
        : text.test(this.output);
    await this.wait(String(text), () => isThere() || undefined);
    return this.output;
  }

  /** A signal to the whole group, as a terminal sends it. */
  signal(name: NodeJS.Signals): void {
    process.kill(-this.pid, name);
  }

  /** @returns the exit code, if it has left by itself */
  async end(): Promise<number | null> {
    const [code] = await this.wait('the end', () =>
      this.child.exitCode !== null || this.child.signalCode !== null
        ? this.ended
        : undefined,
    );
    return code as number | null;
  }

  /** A signal to the group, and the end of everything. */
  async stop(name: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (isAlive(this.pid)) this.signal(name);
    const code = await this.end();
    await this.wait('the end of all', () => this.processes.length === 0);
    return code;
  }

  /** As `kill -9` of the whole tree does. */
  async kill(): Promise<void> {
    while (this.processes.length > 0) {
      for (const pid of this.processes) killHard(pid);
      await sleep(STEP_MS);
    }
    await this.end();
  }

  private show(chunk: string): void {
    this.output += stripVTControlCharacters(chunk);
  }

  private take(chunk: string): void {
    this.show(chunk);
    const lines = `${this.rest}${chunk}`.split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('{"schema":1,')) {
        this.events.push(JSON.parse(line) as ServeEvent);
      }
    }
  }

  private async wait<T>(
    what: string,
    look: () => T | undefined | false | Promise<T>,
  ): Promise<T> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > deadline) throw this.missing(what);
      await sleep(STEP_MS);
    }
  }

  private missing(what: string): Error {
    const last = this.output.split('\n').slice(-60).join('\n');
    return new Error(
      `nx ${this.args.join(' ')}: never seen: ${what}, in:\n${last}`,
    );
  }
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
