import { readFile, readdir } from 'node:fs/promises';

/** A process of Linux, from /proc. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Milliseconds: how long it has run, to some 10. */
  readonly age: number;
}

/** Ticks of a clock in which Linux counts for programs. */
const TICKS_PER_SECOND = 100;

/** A process and all that it started, and they started. */
export async function processTree(root: number): Promise<Process[]> {
  const all = await processes();
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) {
    tree.push(...all.filter(({ parent }) => parent === pid));
  }
  return tree;
}

/**
 * What a process and its descendants have in RAM; of pages that they share with
 * others, their part.
 * @returns bytes
 */
export async function memoryOfTree(root: number): Promise<number> {
  const tree = await processTree(root);
  const sizes = await Promise.all(
    tree.map(async ({ pid }) => {
      const rollup = await readOrNothing(`/proc/${pid}/smaps_rollup`);
      return Number(/^Pss:\s*(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function processes(): Promise<Process[]> {
  const [uptime = ''] = (await readOrNothing('/proc/uptime')).split(' ');
  const names = await readdir('/proc');
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const stat = await readOrNothing(`/proc/${name}/stat`);
        if (stat === '') return [];
        // proc(5): `pid (name) state ppid ...`; the name may hold brackets.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const start = Number(fields[19]) / TICKS_PER_SECOND;
        const command = await readOrNothing(`/proc/${name}/cmdline`);
        return [
          {
            pid: Number(name),
            parent: Number(fields[1]),
            command: command.split('\0').join(' '),
            age: (Number(uptime) - start) * 1000,
          },
        ];
      }),
  );
  return found.flat();
}

/** A process may end while it is looked at; then there is nothing to read. */
function readOrNothing(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
