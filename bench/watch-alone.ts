import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch as watchFolder } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openWatcher } from '../packages/nx-slipway/src/watch';

export type WatcherName = 'ours' | 'chokidar' | 'fs.watch';

export interface Measured {
  /** Milliseconds until all is watched. */
  readonly ready: number;
  /** Added to what the process had in RAM. */
  readonly bytes: number;
  /** Milliseconds of CPU in each second in which nothing happens. */
  readonly idle: number;
  /** Milliseconds from each write until it is told. */
  readonly events: readonly number[];
  /** Milliseconds from the start of touching files until the last call. */
  readonly touched: number;
  readonly calls: number;
  readonly told: number;
}

/** Paths of what has changed; none: anything may have. */
type Tell = (paths?: Iterable<string>) => void;

const IDLE_MS = 3_000;
const TOUCHED = 10_000;
/** For how long nothing must be told for all to be. */
const QUIET_MS = 1_000;

/** Each resolves when all below the folder is watched, with what ends it. */
const WATCHERS: Record<
  WatcherName,
  (folder: string, tell: Tell) => Promise<() => unknown>
> = {
  async ours(folder, tell) {
    const watcher = openWatcher({
      onChanges: ({ paths, all }) => tell(all ? undefined : paths),
      reporter: {
        info: () => undefined,
        warn: (line) => process.stderr.write(line),
      },
      root: folder,
    });
    await watcher.watch([{ path: folder }]);
    return () => watcher.close();
  },
  async chokidar(folder, tell) {
    const { watch } = await import('chokidar');
    const watcher = watch(folder, {
      ignoreInitial: true,
      followSymlinks: false,
    });
    watcher.on('all', (_, path) => tell([path]));
    await once(watcher, 'ready');
    return () => watcher.close();
  },
  'fs.watch'(folder, tell) {
    const watcher = watchFolder(folder, { recursive: true }, (_, name) =>
      tell([join(folder, name ?? '')]),
    );
    return Promise.resolve(() => watcher.close());
  },
};

/** One watcher in a process of its own; prints what was measured as JSON. */
async function measure(name: WatcherName, folder: string): Promise<Measured> {
  const told = new Set<string>();
  let isAllTold = false;
  let calls = 0;
  let last = 0;
  let wake: () => void = () => undefined;
  const tell: Tell = (paths) => {
    calls += 1;
    last = performance.now();
    isAllTold ||= paths === undefined;
    for (const path of paths ?? []) told.add(path);
    wake();
  };
  const untilQuiet = async () => {
    do await sleep(QUIET_MS);
    while (performance.now() - last < QUIET_MS);
  };
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const close = await WATCHERS[name](folder, tell);
  const ready = performance.now() - start;
  const bytes = process.memoryUsage().rss - before;
  const files = await filesIn(folder);
  await untilQuiet();
  const cpu = process.cpuUsage();
  await sleep(IDLE_MS);
  const { user, system } = process.cpuUsage(cpu);

  const events: number[] = [];
  for (const file of files.filter((_, index) => index % 4_700 === 0)) {
    const woken = new Promise<void>((resolve) => (wake = resolve));
    const written = performance.now();
    await writeFile(file, `${written}`);
    await woken;
    events.push(performance.now() - written);
    await untilQuiet();
  }

  told.clear();
  [isAllTold, calls] = [false, 0];
  const some = files.slice(0, TOUCHED);
  const touch = performance.now();
  const toucher = spawn('xargs', ['touch']);
  toucher.stdin.end(some.join('\n'));
  await once(toucher, 'exit');
  await untilQuiet();
  await close();
  return {
    ...{ ready, bytes, events, calls, touched: last - touch },
    idle: (user + system) / IDLE_MS,
    told: isAllTold ? TOUCHED : some.filter((file) => told.has(file)).length,
  };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

const [name, folder = ''] = process.argv.slice(2);
void measure(name as WatcherName, folder).then((measured) =>
  process.stdout.write(JSON.stringify(measured)),
);
