import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run';

/** Nx in the shop. */
export interface NxOptions {
  readonly shop: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What became of one image in one run. */
export interface Image {
  readonly name: string;
  /** Whether Nx had its record, and nothing was built. */
  readonly cached: boolean;
  /** As the cluster pulls it. */
  readonly ref: string;
}

/** What became of one object. */
interface DeployedObject {
  readonly action: string;
  readonly kind: string;
  readonly name: string;
}

export interface Deployed {
  readonly images: readonly Image[];
  readonly objects: readonly DeployedObject[];
}

/** How much of what is left out is told when a run fails. */
const LAST_LINES = 40;

/** The nx settings of a run that nobody's shell or other clone may touch. */
export function nxEnv(shop: string): Record<string, string> {
  return {
    NX_CACHE_DIRECTORY: join(shop, '.nx', 'cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(shop, '.nx', 'workspace-data'),
    NX_DAEMON: 'false',
    // A worker for each plugin is given seconds to start, which a busy machine takes.
    NX_ISOLATE_PLUGINS: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    // The demo shows cache hits, whatever the shell that starts it has set.
    NX_SKIP_NX_CACHE: 'false',
  };
}

/**
 * `nx run shop:deploy`, and what it says that it did.
 * @param task after the colon: `deploy`, `deploy:production`
 */
export async function nxDeploy(
  task: string,
  args: readonly string[],
  options: NxOptions,
): Promise<Deployed> {
  const { shop, env, onLine, signal } = options;
  const nx = join(shop, 'node_modules', '.bin', 'nx');
  const all = ['run', `shop:${task}`, ...args, '--output=json'];
  let answer: Omit<Deployed, 'images'> & { images: Omit<Image, 'cached'>[] } = {
    images: [],
    objects: [],
  };
  const unsaid: string[] = [];
  try {
    await run(nx, [...all, '--outputStyle=stream'], {
      cwd: shop,
      env,
      signal,
      onLine: (line) => {
        const json = /\{"schema":1,.*\}$/.exec(line)?.[0];
        if (json) answer = JSON.parse(json) as typeof answer;
        else if (isReplayed(line)) unsaid.push(line);
        else onLine(line);
      },
    });
  } catch (error) {
    // Why it failed may be among what is left out.
    unsaid.slice(-LAST_LINES).forEach(onLine);
    throw error;
  }
  const statuses = await cacheStatuses(shop);
  const images = answer.images.map((image) => ({
    ...image,
    // Every image of the shop is named as its project.
    cached: statuses.get(image.name) !== 'cache-miss',
  }));
  return { images, objects: answer.objects };
}

/** Projects with such a target that what is not committed affects. */
export async function nxAffected(
  target: string,
  { shop, env, signal }: NxOptions,
): Promise<string[]> {
  const nx = join(shop, 'node_modules', '.bin', 'nx');
  const args = ['show', 'projects', '--affected', '--uncommitted', '--json'];
  const answer = await run(nx, [...args, `--withTarget=${target}`], {
    cwd: shop,
    env,
    signal,
  });
  return JSON.parse(answer) as string[];
}

/** What a build once printed, which Nx prints again for a cache hit. */
function isReplayed(line: string): boolean {
  return !/^(?:[\w-]+: |> nx run |\s*NX )/.test(line);
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
