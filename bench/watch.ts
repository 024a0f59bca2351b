import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { alternate, median, table, type Samples } from './table';
import type { Measured, WatcherName } from './watch-alone';

/** `BENCH_ROUNDS` */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const PROJECTS = 50;
const FOLDERS = 40;
const FILES = 50;

const WAYS: Readonly<Record<string, WatcherName>> = {
  ours: 'ours',
  'chokidar 5': 'chokidar',
  'fs.watch, recursive': 'fs.watch',
};

/** What each may take (design 5); only said, not enforced. */
const BUDGETS = { ready: 500, bytes: 30_000_000, event: 5 };

/**
 * 100,000 files in 2,051 folders, watched by ours, by chokidar and by Node's own,
 * each in a process of its own: until it is ready, the memory that it adds, what
 * it costs while nothing happens, until one write is told, and until all of
 * 10,000 files that are touched at once are told.
 */
export async function watch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  try {
    await writeFiles(folder);
    const measured: Record<string, Measured[]> = {};
    await alternate(
      ROUNDS,
      Object.fromEntries(
        Object.entries(WAYS).map(([way, name]) => [
          way,
          async () => {
            const one = await measureAlone(name, folder);
            (measured[way] ??= []).push(one);
            return one.ready;
          },
        ]),
      ),
    );
    const files = PROJECTS * FOLDERS * FILES;
    const samples = (of: (one: Measured) => Samples) =>
      Object.fromEntries(
        Object.entries(measured).map(([way, all]) => [way, all.flatMap(of)]),
      );
    return [
      table(
        `${files} files, until they are watched`,
        samples(({ ready }) => [ready]),
      ),
      `  ${BUDGETS.ready} ms allowed`,
      ...rows('memory added', measured, ({ bytes }) => bytes / 1e6, 'MB'),
      `  ${BUDGETS.bytes / 1e6} MB allowed`,
      ...rows(
        'CPU while nothing happens',
        measured,
        ({ idle }) => idle,
        'ms a second',
      ),
      table(
        'from a write until it is told',
        samples(({ events }) => events),
      ),
      `  ${BUDGETS.event} ms allowed`,
      table(
        '10,000 files touched at once, until the last is told',
        samples(({ touched }) => [touched]),
      ),
      ...rows('in so many calls', measured, ({ calls }) => calls, 'calls'),
      ...rows('files told of', measured, ({ told }) => told, 'of 10,000'),
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeFiles(root: string): Promise<void> {
  for (let project = 0; project < PROJECTS; project++) {
    for (let name = 0; name < FOLDERS; name++) {
      const folder = join(root, `project${project}`, `folder${name}`);
      await mkdir(folder, { recursive: true });
      const files = Array.from({ length: FILES }, (_, file) =>
        writeFile(join(folder, `file${file}.ts`), 'x'),
      );
      await Promise.all(files);
    }
  }
}

async function measureAlone(
  name: WatcherName,
  folder: string,
): Promise<Measured> {
  const bootstrap = join(__dirname, '../e2e/sandbox/bootstrap.js');
  const program = join(__dirname, 'watch-alone.ts');
  const args = ['--expose-gc', bootstrap, program, name, folder];
  const { stdout } = await execa(process.execPath, args, { stderr: 'inherit' });
  return JSON.parse(stdout) as Measured;
}

function rows(
  title: string,
  measured: Readonly<Record<string, readonly Measured[]>>,
  of: (one: Measured) => number,
  unit: string,
): string[] {
  const lines = Object.entries(measured).map(([way, all]) => {
    const value = median(all.map(of)).toFixed(1);
    return `  ${way.padEnd(44)} ${value.padStart(8)} ${unit}`;
  });
  return [title, ...lines];
}
