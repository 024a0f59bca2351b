import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { eventually } from '../../../testing/wait';
import { supervised } from '..';

/** The shells of images, as far as they are here. */
export const SHELLS = [['dash'], ['bash'], ['busybox', 'ash']].filter(
  ([file = '', ...args]) => spawnSync(file, [...args, '-c', ':']).status === 0,
);

/** New users, too, for who is not root. */
const ALONE = [
  ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
  ...['--pid', '--fork', '--mount-proc', '--kill-child'],
];

/** Whether this machine can have a process be the first of all. */
export function canContain(): boolean {
  return spawnSync('unshare', [...ALONE, 'true']).status === 0;
}

interface ContainedOptions {
  readonly shell: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What runs around it, in the same container. */
  readonly around?: readonly string[];
}

/** A supervised process in namespaces of its own, as a container has them. */
export class Contained {
  /** Of both streams, so far. */
  said = '';
  /** Its exit code, 128 and more for a signal. */
  readonly ended: Promise<number>;

  private constructor(
    private readonly shell: readonly string[],
    readonly process: ChildProcess,
    /** Of the first process, as seen from outside. */
    readonly first: number,
  ) {
    this.ended = once(process, 'exit').then(([code]) => Number(code));
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.said += String(chunk)));
    }
  }

  static async start(
    argv: readonly string[],
    { shell, env, around = [] }: ContainedOptions,
  ): Promise<Contained> {
    const command = [...around, ...shell, ...supervised(argv).slice(1)];
    const child = spawn('unshare', [...ALONE, '--', ...command], {
      env: { PATH: process.env.PATH, ...env },
    });
    const first = await eventually('the first process', () =>
      firstChildOf(child.pid),
    );
    return new Contained(shell, child, first);
  }

  /** A command beside, as `kubectl exec` starts it. */
  enter(...argv: string[]): ChildProcess & { stdout: Readable } {
    const into = ['-t', `${this.first}`, '-p', '-m'];
    if (process.getuid?.() !== 0) into.push('-U', '--preserve-credentials');
    return spawn('nsenter', [...into, '--', ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** What a script beside says on both streams, and its exit code. */
  async run(script: string) {
    const child = this.enter(...this.shell, '-uc', script);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (said += String(chunk)));
    }
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  }

  /** Until it has said that. */
  says(text: RegExp): Promise<RegExpExecArray> {
    return eventually(`${text} in ${this.said}`, () => {
      return text.exec(this.said) ?? undefined;
    });
  }

  end(): void {
    this.process.kill('SIGKILL');
  }
}

/** proc(5) */
function firstChildOf(pid = 0): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(children.split(' ')[0]) || undefined;
}
