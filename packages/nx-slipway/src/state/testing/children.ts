import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '../../testing/wait';

const REPOSITORY = join(__dirname, '../../../../..');
const BOOTSTRAP = join(REPOSITORY, 'e2e/sandbox/bootstrap.js');

/** A process that runs lock-child.ts. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly lines: readonly string[];
  /** Waits until it prints that line. */
  says(line: string): Promise<void>;
  /** Lets it go on. */
  tell(): void;
  /** Kills it, and waits until it is gone. */
  kill(): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Call it at the top of a file: what a test starts ends with it. */
export function useChildren(): (
  task: string,
  folder: string,
  file?: string,
  prefix?: readonly string[],
) => Child {
  let children: Child[] = [];
  afterEach(async () => {
    await Promise.all(children.map((child) => child.kill()));
    children = [];
  });
  return (task, folder, file = '', prefix = []) => {
    const argv = [
      ...prefix,
      process.execPath,
      BOOTSTRAP,
      join(__dirname, 'lock-child.ts'),
      task,
      folder,
      file,
    ];
    const child = childOf(argv);
    children.push(child);
    return child;
  };
}

function childOf([program = '', ...args]: readonly string[]): Child {
  const started = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  started.stdout.setEncoding('utf8');
  started.stdout.on('data', (chunk: string) => (text += chunk));
  const ended = new Promise<number | null>((resolve) =>
    started.once('close', resolve),
  );
  return {
    process: started,
    pid: started.pid ?? 0,
    get lines() {
      return text.split('\n').slice(0, -1);
    },
    says(line) {
      return eventually(`"${line}" of ${args.join(' ')}`, () =>
        this.lines.includes(line),
      ).then(() => undefined);
    },
    tell: () => void started.stdin.write('\n'),
    async kill() {
      started.kill('SIGKILL');
      await ended;
    },
    ended,
  };
}
