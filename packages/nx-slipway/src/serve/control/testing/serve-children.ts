import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '../../../testing/wait';

const REPOSITORY = join(__dirname, '../../../../../..');
const BOOTSTRAP = join(REPOSITORY, 'e2e/sandbox/bootstrap.js');

/** A process that runs serve-child.ts. */
export interface ServeChild {
  readonly pid: number;
  readonly lines: readonly string[];
  says(line: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Kills it, and waits until it is gone. */
  kill(): Promise<void>;
  /** Lets it end, and waits until it has. */
  end(): Promise<void>;
}

/** Call it at the top of a file: what a test starts ends with it. */
export function useServeChildren(): (
  env: Readonly<Record<string, string>>,
  root: string,
  ...images: readonly string[]
) => Promise<ServeChild> {
  let children: ServeChild[] = [];
  afterEach(async () => {
    await Promise.all(children.map((child) => child.kill()));
    children = [];
  });
  return async (env, root, ...images) => {
    const child = start(env, [root, ...images]);
    children.push(child);
    await child.says('started');
    return child;
  };
}

function start(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): ServeChild {
  const program = join(__dirname, 'serve-child.ts');
  const child = spawn(process.execPath, [BOOTSTRAP, program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let text = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => (text += chunk));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const lines = () => text.split('\n').slice(0, -1);
  return {
    pid: child.pid ?? 0,
    get lines() {
      return lines();
    },
    async says(line) {
      await eventually(`"${line}" of a serve`, () => lines().includes(line));
    },
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
    async end() {
      child.stdin.end();
      await closed;
    },
  };
}
