import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '../../testing/wait';
import type { OpenWatcher } from '..';

const BOOTSTRAP = join(__dirname, '../../../../../e2e/sandbox/bootstrap.js');
const PROGRAM = join(__dirname, 'watch-alone.ts');

interface Line {
  readonly warning?: string;
  readonly isReady?: boolean;
  readonly paths?: readonly string[];
  readonly all?: boolean;
}

/** A watcher of a folder in another process. */
export interface Alone {
  readonly child: ChildProcess;
  readonly lines: Line[];
  /** Waits until some paths were told of, and forgets what was told. */
  hears(...told: string[]): Promise<Line[]>;
  /** Does something again and again, until that very path is told of. */
  hearsItself(path: string, again: () => void): Promise<void>;
}

/** Call it at the top of a `describe` or a file. */
export function useAlone() {
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });
  const start = async (child: ChildProcess): Promise<Alone> => {
    started.push(child);
    let text = '';
    const lines: Line[] = [];
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (text + chunk).split('\n');
      text = parts.pop() ?? '';
      lines.push(...parts.map((line) => JSON.parse(line) as Line));
    });
    child.stderr?.pipe(process.stderr);
    await eventually('ready', () => lines.at(-1)?.isReady);
    lines.pop();
    return {
      child,
      lines,
      async hears(...told) {
        for (const path of told) {
          await eventually(path, () =>
            lines.some(({ all, paths }) => all || paths?.includes(path)),
          );
        }
        return lines.splice(0);
      },
      async hearsItself(path, again) {
        await eventually(path, () => {
          again();
          return lines.splice(0).some(({ paths }) => paths?.includes(path));
        });
      },
    };
  };
  return {
    start(folder: string, options: Partial<OpenWatcher> = {}) {
      const args = [PROGRAM, folder, JSON.stringify(options)];
      return start(fork(BOOTSTRAP, args, { silent: true }));
    },
    /** One for which the system has no more than so many, as user.NAME of sysctl has it. */
    startLimited: (folder: string, name: string, limit: number) =>
      start(
        spawn('unshare', limited(name, limit, [BOOTSTRAP, PROGRAM, folder])),
      ),
  };
}

/** Whether users may have namespaces of their own here, with limits of their own. */
export function canLimit(): boolean {
  const args = limited('max_inotify_watches', 10, ['--version']);
  return spawnSync('unshare', args).status === 0;
}

function limited(name: string, limit: number, args: string[]): string[] {
  const script = `echo ${limit} > /proc/sys/user/${name} && exec "$@"`;
  const user = ['--user', '--map-root-user'];
  return [...user, 'sh', '-c', script, 'sh', process.execPath, ...args];
}
