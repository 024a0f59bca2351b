import { readFile } from 'node:fs/promises';
import { nodePlatforms, type Cluster } from '../../cluster';
import { realClock, type BuildSystems } from '../../build';
import { openServedSet } from '../../deploy';
import type { Notes } from '../../live-update';
import { SlipwayError, type Reporter } from '../../report';
import type { OnEvent, ServedProject, ServeSession } from '../../serve';
import { openWatcher } from '../../watch';
import { announcedRegistry } from '../announced-registry';
import { plannerFor } from '../custom-build/planner';
import { deployOptions } from '../deploy/options';
import { assertOptionNames } from '../known-names';
import { deploySystems } from '../manifest-set/deploy-systems';
import { timeoutOption } from '../manifest-set/options';
import { namespaceOf, setIdOf } from '../manifest-set/set-id';
import type { TargetRun } from '../run-target';
import { workspaceOf } from '../workspace';
import { loadManifests, manifestTrees } from './load-manifests';
import { LostImages } from './lost-images';
import { configurationFiles, reloadProjects } from './reload';
import type { ServeExecutorSchema } from './schema';
import schema from './schema.json';
import { Strangers } from './strangers';
import { processConfigs } from './supervision';
import type { ServeTargets } from './targets';

/** What a session is made of. */
export interface SessionParts extends TargetRun {
  readonly targets: ServeTargets;
  readonly options: ServeExecutorSchema;
  readonly cluster: Cluster;
  readonly systems: BuildSystems;
  /** Says what it is told as events. */
  readonly says: Reporter;
  readonly emit: OnEvent;
}

/** Polled so often where an option says no more than that. Milliseconds. */
const POLLING_MS = 1000;

/** What a serve needs of Nx and of the machine. */
export async function sessionOf(parts: SessionParts): Promise<ServeSession> {
  const { targets, options, cluster, emit, secrets, signal, kill } = parts;
  const { root } = targets.now;
  const names = targets.names();
  const owners = new Set(names);
  // Also of projects that are gone: they may come back.
  const seen = new Set<string>();
  const files = () => {
    const now = configurationFiles(targets.now, [...owners]);
    for (const file of now) seen.add(file);
    return [...seen];
  };
  const platforms = once(() => nodePlatforms(cluster));
  const reload = async (until: AbortSignal) => {
    const now = await reloadProjects(targets.now, until, names);
    for (const option of targets.reloaded(now)) {
      parts.says.warn(`${option} counts from the next start of serve`);
    }
  };
  const notes = new Map<string, Promise<Notes>>();
  const configOf = processConfigs();
  const shared = { ...parts, owners, notes, platforms, configOf, reload };
  const projects = await Promise.all(
    names.map((name) => projectOf(name, shared)),
  );
  let read = await textsOf(files());
  const { polling, trigger = 'auto', onChange = 'restart' } = options;
  return {
    root,
    context: cluster.context,
    projects,
    configuration: {
      files,
      reload: async (until) => {
        const now = await textsOf(files());
        if (now === read) return false;
        await reload(until);
        read = now;
        return true;
      },
    },
    trigger,
    onChange,
    parallel: options.parallel ?? 3,
    openWatcher: (onChanges) =>
      openWatcher({
        root,
        onChanges,
        reporter: parts.says,
        ...(polling && { polling: polling === true ? POLLING_MS : polling }),
      }),
    emit,
    clock: realClock,
    secrets: () => secrets.all,
    signal,
    kill,
  };
}

/** Of files that may not be there. */
async function textsOf(files: readonly string[]): Promise<string> {
  const texts = await Promise.all(
    files.map((file) => readFile(file, 'utf8').catch(() => undefined)),
  );
  return JSON.stringify(files.map((file, index) => [file, texts[index]]));
}

interface ProjectParts extends SessionParts {
  /** The projects whose options matter. */
  readonly owners: Set<string>;
  /** Of the containers of images, by their files. */
  readonly notes: Map<string, Promise<Notes>>;
  readonly platforms: () => ReturnType<typeof nodePlatforms>;
  readonly configOf: ReturnType<typeof processConfigs>;
  /** Reads the project graph again. @throws as reloadProjects */
  readonly reload: (until: AbortSignal) => Promise<void>;
}

/** Asked for once, and again after it has failed. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

async function projectOf(
  name: string,
  parts: ProjectParts,
): Promise<ServedProject> {
  const { targets, cluster, systems, says: reporter, secrets, emit } = parts;
  const { options, context } = targets.of(name);
  assertOptionNames(options, schema, 'serve');
  const workspace = workspaceOf(context);
  const { configurationName: configuration } = context;
  const namespace = namespaceOf(options, cluster);
  const planOf = plannerFor(announcedRegistry(cluster, reporter));
  let onLost: ((error: SlipwayError) => void) | undefined;
  const set = await openServedSet(
    { id: setIdOf(workspace, context), namespace },
    deployOptions(options, cluster.isLocal),
    {
      ...(await deploySystems(cluster, context, { ...parts, reporter })),
      onDrift: ({ kind, name: object, message }) =>
        emit({
          type: 'drift',
          project: name,
          object: `${kind.toLowerCase()}/${object}`,
          message,
        }),
      onLost: (error) => onLost?.(error),
    },
  );
  const load = {
    ...{ planOf, systems, cluster, reporter, secrets },
    platforms: parts.platforms,
    configOf: parts.configOf,
    lost: new LostImages(workspace.options.locators),
    live: {
      ...{ cluster, notes: parts.notes, signal: parts.signal },
      machine: systems.place.machine,
      configuration: targets.now.configurationName,
      isOn: options.liveUpdate ?? true,
    },
    onOwner: (owner: string) => void parts.owners.add(owner),
  };
  const strangers = new Strangers();
  return {
    name,
    ...(configuration !== undefined && { configuration }),
    namespace,
    load: async (signal) => {
      const loaded = await loadManifests(targets.of(name), load, signal);
      if (!strangers.take(loaded.strangers)) return loaded;
      try {
        await parts.reload(signal);
      } catch (error) {
        if (!(error instanceof SlipwayError)) throw error;
        reporter.warn(`projects that are new are not seen: ${error.message}`);
        return loaded;
      }
      return loadManifests(targets.of(name), load, signal);
    },
    trees: () => Promise.resolve(manifestTrees(targets.of(name))),
    set,
    whenLost: (listener) => {
      onLost = listener;
    },
    cluster,
    logs: options.logs ?? 'changed',
    portForwards: () => targets.of(name).options.portForwards ?? false,
    wait: options.wait ?? true,
    timeout: timeoutOption(options),
  };
}
