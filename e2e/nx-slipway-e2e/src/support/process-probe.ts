import {
  existsSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../../../packages/nx-slipway/src/testing/wait';
import type { TestWorkspace } from './workspace';

/** What a process holds when nothing is garbage. */
export interface Held {
  /** Bytes. */
  readonly heap: number;
  /** Open files by kind: `socket`, `pipe`, `anon_inode`, `file`. */
  readonly files: Readonly<Record<string, number>>;
  /** Folders and files that are watched. */
  readonly watches: number;
}

const SCRIPT = `
process.on('SIGUSR2', () => {
  gc();
  gc();
  const { heapUsed } = process.memoryUsage();
  const file = __dirname + '/' + process.pid;
  require('fs').writeFileSync(file + '.tmp', String(heapUsed));
  require('fs').renameSync(file + '.tmp', file);
});
`;

/** Has Node processes tell of their heaps when they are asked. */
export class ProcessProbe {
  private constructor(private readonly folder: string) {}

  static async create(workspace: TestWorkspace): Promise<ProcessProbe> {
    await workspace.write('.probe/probe.js', SCRIPT);
    return new ProcessProbe(join(workspace.root, '.probe'));
  }

  /** For whatever is to be asked. */
  get env(): Record<string, string> {
    const script = join(this.folder, 'probe.js');
    return { NODE_OPTIONS: `--expose-gc --require ${script}` };
  }

  async ask(pid: number): Promise<Held> {
    const file = join(this.folder, String(pid));
    rmSync(file, { force: true });
    process.kill(pid, 'SIGUSR2');
    const heap = await eventually('the size of the heap', () =>
      existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined,
    );
    return { heap, ...filesOf(pid) };
  }
}

function filesOf(pid: number): Pick<Held, 'files' | 'watches'> {
  const files: Record<string, number> = {};
  let watches = 0;
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      const kind = /^(\w+):/.exec(target)?.[1] ?? 'file';
      files[kind] = (files[kind] ?? 0) + 1;
      const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
      watches += info.match(/^inotify wd:/gm)?.length ?? 0;
    } catch {
      // Closed since it was listed.
    }
  }
  return { files, watches };
}
