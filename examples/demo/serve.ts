import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { DemoError } from './error';
import type { NxOptions } from './nx';

/** A `nx serve shop` that runs. */
export interface RunningServe {
  /**
   * Resolves the next time that it says that all is as the files are.
   * @returns what it has said since this was asked
   */
  readonly upToDate: () => Promise<readonly string[]>;
}

/** What it says then; Nx may put the project in front. */
const UP_TO_DATE = /^(?:\S+: )?up to date\b/;
/** What the image builds print, which the deploys before have shown. */
const BUILD_OUTPUT = /^(?:\S+: )?[\w-]+ \| /;
/** Nx gives its tasks five seconds. */
const GRACE_MS = 8000;

/**
 * Does work while `nx serve shop` runs, and then ends that as Ctrl-C does.
 * @throws DemoError DEMO_E_COMMAND if it ends before the work does
 */
export async function underServe(
  { shop, env, signal, onLine }: NxOptions,
  work: (serve: RunningServe) => Promise<void>,
): Promise<void> {
  const nx = join(shop, 'node_modules', '.bin', 'nx');
  const child = execa(nx, ['serve', 'shop'], {
    cwd: shop,
    env: { ...env },
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: GRACE_MS,
  });
  let lines: string[] = [];
  let told: (lines: readonly string[]) => void = () => undefined;
  createInterface({ input: child.all }).on('line', (colored) => {
    const line = stripVTControlCharacters(colored);
    lines.push(line);
    if (!BUILD_OUTPUT.test(line) && line.trim() !== '') onLine(line);
    if (UP_TO_DATE.test(line)) told(lines);
  });
  const ended = child.then(({ shortMessage }) => {
    signal.throwIfAborted();
    const words = shortMessage ?? 'nx serve shop ended by itself';
    throw new DemoError('DEMO_E_COMMAND', words);
  });
  const upToDate = () => {
    lines = [];
    const next = new Promise<readonly string[]>((resolve) => (told = resolve));
    return Promise.race([next, ended]);
  };
  try {
    await Promise.race([work({ upToDate }), ended]);
  } finally {
    ended.catch(() => undefined);
    child.kill('SIGINT');
    await child;
  }
}
