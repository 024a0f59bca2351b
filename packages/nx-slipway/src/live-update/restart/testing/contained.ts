import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../../testing/wait';
import { supervised } from '../supervised';

const IS_ROOT = process.getuid?.() === 0;
const ALONE = [
  ...(IS_ROOT ? [] : ['--user', '--map-root-user']),
  ...['--pid', '--fork', '--mount-proc', '--kill-child'],
];

/** Whether this machine can have a process be the first of all. */
export function canContain(): boolean {
  return spawnSync('unshare', [...ALONE, 'true']).status === 0;
}

/** The shells that images have, as far as they are here, in a folder each. */
export function useShells() {
  const names = ['dash', 'bash', 'busybox'];
  const shells = names.flatMap((name) => {
    const found = spawnSync('sh', ['-c', `command -v ${name}`]);
    if (found.status !== 0) return [];
    const folder = mkdtempSync(join(tmpdir(), 'slipway-sh-'));
    symlinkSync(String(found.stdout).trim(), join(folder, 'sh'));
    return { name, folder, env: { PATH: `${folder}:${process.env.PATH}` } };
  });
  afterAll(() => {
    for (const { folder } of shells) rmSync(folder, { recursive: true });
  });
  return shells;
}

/** A supervised process, in namespaces of its own as a container's is. */
export class Contained {
  /** Its output, so far. */
  said = '';
  /** Its exit code. */
  readonly ended: Promise<number>;
  private readonly child: ChildProcess;

  /**
   * @param env all of it; the shell is `sh` on its PATH
   * @param by a command that starts it, in the same container
   */
  constructor(
    argv: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
    by: readonly string[] = [],
  ) {
    const command = withEnv(env, [...by, ...supervised(argv)]);
    this.child = spawn('unshare', [...ALONE, '--', ...command]);
    this.ended = once(this.child, 'close').then(([code]) => Number(code));
    hear(this.child, (text) => (this.said += text));
  }

  /** All that it is to read. */
  write(text: string): void {
    this.child.stdin?.end(text);
  }

  /** What a script beside it says, as by `kubectl exec`, and its exit code. */
  async run(script: string) {
    const first = await eventually('the first process', () => this.first());
    const into = ['-t', `${first}`, '--pid', '--mount'];
    if (!IS_ROOT) into.push('--user', '--preserve-credentials');
    const command = withEnv(this.env, ['sh', '-uc', script]);
    const child = spawn('nsenter', [...into, '--', ...command]);
    let said = '';
    hear(child, (text) => (said += text));
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  }

  /** @param which of these that it says, from 1 on */
  says(text: RegExp, which = 1): Promise<RegExpMatchArray> {
    const all = new RegExp(text, 'gm');
    return eventually(
      `${text} ${which} times`,
      () => [...this.said.matchAll(all)][which - 1],
    );
  }

  /** The command lines of all in it; that of a dead one is empty. */
  running(): string[] {
    const first = this.first();
    if (first === undefined) return [];
    const ours = readlinkSync(`/proc/${first}/ns/pid`);
    return readdirSync('/proc').flatMap((pid) => {
      try {
        if (readlinkSync(`/proc/${pid}/ns/pid`) !== ours) return [];
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const [script = ''] = supervised([]).slice(2);
        return line.replace(script, 'SCRIPT').split('\0').join(' ').trim();
      } catch {
        // No process, or none any more.
        return [];
      }
    });
  }

  end(): void {
    this.child.kill('SIGKILL');
  }

  private first(): number | undefined {
    const { pid } = this.child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return Number(children.split(' ')[0]) || undefined;
  }
}

/** It finds the command on that PATH, and not on the test's own. */
function withEnv(env: NodeJS.ProcessEnv, command: readonly string[]) {
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return ['env', '-i', ...pairs, ...command];
}

function hear({ stdout, stderr }: ChildProcess, tell: (text: string) => void) {
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (chunk: Buffer) => tell(String(chunk)));
  }
}
