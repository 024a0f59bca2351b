import type { ExecutorContext } from '@nx/devkit';
import { sharedWatchdog } from '../../build';
import { imagesOnNodes } from '../../cluster';
import { SlipwayError, type Reporter } from '../../report';
import {
  ServeLoop,
  controlPlace,
  faultOf,
  startControl,
  type OnEvent,
  type ServeEnd,
} from '../../serve';
import { withBuildSystems } from '../build-systems';
import { kubeconfigFor } from '../custom-build/context';
import { assertOptionNames } from '../known-names';
import { openClusterOf } from '../manifest-set/cluster';
import { runTarget, type TargetRun } from '../run-target';
import { workspaceOf } from '../workspace';
import { within } from './deadline';
import { eventReporter } from './event-reporter';
import { outputTo } from './output';
import { readySignal } from './ready-signal';
import type { ServeExecutorSchema } from './schema';
import schema from './schema.json';
import { sessionOf } from './session';
import { SERVE, ServeTargets } from './targets';

/** How long a command that is asked to end may take. Milliseconds. */
const GRACE_MS = 500;
/** How long a reader who is behind is waited for in the end. Milliseconds. */
const READER_MS = 200;
/** With what Nx itself takes, below the two seconds of design 2.7. */
const LAST_MS = 1400;

/**
 * Keeps projects in a cluster as their files are, until it is cancelled
 * (design 2.7).
 */
export default function serve(
  options: ServeExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const quiet = options.output === 'json';
  return runTarget(context, { quiet }, async (tools) => {
    assertOptionNames(options, schema, 'serve');
    const output = outputTo(options, tools.secrets);
    const ready = readySignal();
    const emit: OnEvent = (event) => {
      output.onEvent(event);
      if (event.type === 'up-to-date') ready();
    };
    const kill = impatient(tools);
    try {
      const end = await run(options, context, { ...tools, kill }, emit);
      emit({ type: 'end', ...end });
      return { success: end.reason === 'cancelled' };
    } catch (error) {
      // People read it on the other stream.
      const fault = faultOf(error, tools.secrets.all);
      if (quiet) emit({ type: 'end', reason: 'failed', fault });
      throw error;
    } finally {
      await within(READER_MS, output.end());
    }
  });
}

async function run(
  options: ServeExecutorSchema,
  context: ExecutorContext,
  tools: TargetRun,
  emit: OnEvent,
): Promise<ServeEnd> {
  const says = eventReporter(emit);
  const targets = new ServeTargets(options, context);
  const workspace = workspaceOf(context);
  const { root } = context;
  const { signal } = tools;
  const own = { secrets: tools.secrets, signal, reporter: says };
  const cluster = await openClusterOf(options, workspace, own);
  const parts = {
    root,
    env: process.env,
    ...tools,
    reporter: says,
    kubeconfig: await kubeconfigFor(cluster.context, root),
    imagesOnNodes: () => imagesOnNodes(cluster),
  };
  const watchdogs = sharedWatchdog(process.env.PATH ?? '');
  return withBuildSystems(parts, async (systems) => {
    const session = await sessionOf({
      ...tools,
      targets,
      options,
      cluster,
      systems: { ...systems, watchdogs },
      says,
      emit,
    });
    const others = otherServes(context);
    if (others) says.info(others);
    const loop = new ServeLoop(session);
    const control = await openControl(root, loop, says);
    try {
      return await loop.run();
    } finally {
      await within(LAST_MS, Promise.all([control?.close(), loop.close()]));
    }
  }).finally(() => watchdogs.close());
}

/**
 * Said by one of several that Nx starts at once, `nx run-many -t serve`: one
 * process can do for all of them.
 */
function otherServes({
  taskGraph,
  projectName = '',
  targetName,
  projectsConfigurations,
}: ExecutorContext): string | undefined {
  const names = Object.values(taskGraph?.tasks ?? {})
    .map(({ target }) => target)
    .filter(({ project, target }) => {
      const { targets = {} } = projectsConfigurations.projects[project] ?? {};
      return targets[target]?.executor === SERVE;
    })
    .map(({ project }) => project)
    .sort();
  const [first, ...others] = names;
  if (first !== projectName || others.length === 0) return undefined;
  return `${names.length} projects are served, each by a process of its own; nx ${targetName} ${first} --projects=${others.join(',')} serves them in one`;
}

/** A serve that nobody can ask serves all the same. */
async function openControl(root: string, loop: ServeLoop, says: Reporter) {
  try {
    return await startControl(await controlPlace(root, process.env), loop);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    says.warn(`slipway cannot ask this serve: ${error.message}`);
    return undefined;
  }
}

/** A second Ctrl-C, or a second after the first. */
function impatient({ signal, kill }: TargetRun): AbortSignal {
  const either = new AbortController();
  const end = () => either.abort();
  kill.addEventListener('abort', end, { once: true });
  signal.addEventListener('abort', () => setTimeout(end, GRACE_MS).unref(), {
    once: true,
  });
  return either.signal;
}
