import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DemoError } from './error';
import { run } from './run';

/** Nx in the shop. */
export interface NxOptions {
  readonly shop: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What became of one image in one run. */
export interface Built {
  readonly project: string;
  readonly cached: boolean;
  /** As the cluster pulls it. */
  readonly deployRef: string;
}

/** The nx settings of a run that nobody's shell or other clone may touch. */
export function nxEnv(shop: string): Record<string, string> {
  return {
    NX_CACHE_DIRECTORY: join(shop, '.nx', 'cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(shop, '.nx', 'workspace-data'),
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    // The demo shows cache hits, whatever the shell that starts it has set.
    NX_SKIP_NX_CACHE: 'false',
  };
}

/** `nx run-many -t custom-build`, and what it says about each image. */
export async function buildImages(options: NxOptions): Promise<Built[]> {
  const { shop, env, onLine, signal } = options;
  const nx = join(shop, 'node_modules', '.bin', 'nx');
  const args = ['run-many', '-t', 'custom-build', '--outputStyle=stream'];
  const lines: string[] = [];
  await run(nx, args, {
    cwd: shop,
    env,
    signal,
    onLine: (line) => {
      lines.push(line);
      if (line.trim() !== '') onLine(line);
    },
  });
  const statuses = await cacheStatuses(shop);
  return [...statuses].map(([project, status]) => ({
    project,
    cached: status !== 'cache-miss',
    deployRef: deployRefOf(project, lines),
  }));
}

interface RunJson {
  readonly tasks: readonly {
    readonly projectName: string;
    readonly target: string;
    readonly cacheStatus: string;
  }[];
}

/** From the file in which Nx sums its last run up. */
async function cacheStatuses(shop: string): Promise<Map<string, string>> {
  const file = join(shop, '.nx', 'cache', 'run.json');
  const { tasks } = JSON.parse(await readFile(file, 'utf8')) as RunJson;
  return new Map(
    tasks
      .filter(({ target }) => target === 'custom-build')
      .map(
        ({ projectName, cacheStatus }) => [projectName, cacheStatus] as const,
      )
      .sort(),
  );
}

/**
 * A custom-build ends its output with the deploy ref, alone on a line; a cache
 * hit replays it. Every image of the shop is named as its project.
 */
function deployRefOf(project: string, lines: readonly string[]): string {
  const ref = new RegExp(
    `\\S+/${project}:nx-[0-9a-f]{16}@sha256:[0-9a-f]{64}$`,
  );
  const found = lines.flatMap((line) => ref.exec(line)?.[0] ?? []).at(-1);
  if (found !== undefined) return found;
  throw new DemoError(
    'DEMO_E_NO_REF',
    `nx ran ${project}:custom-build, but no line of it is a deploy ref.`,
  );
}
