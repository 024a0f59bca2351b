import { realClock, type Clock } from '../../build';
import type { Cluster } from '../../cluster';
import type { ServedObject } from '../../deploy';
import type { ManifestObject } from '../../manifest';
import type { SlipwayError } from '../../report';
import { eventually } from '../../testing/wait';
import type { Changes, WatchedTree } from '../../watch';
import type { ServedImage } from '../desired';
import { ServeLoop, type ServeEnd, type ServeSession } from '../loop';
import type { ServedProject } from '../project-unit';
import { useImageStage } from './image-stage';

/** Manifests and a cluster that do as a test says. */
export interface StagedProject extends ServedProject {
  /** What is read: objects by their names, each with the images in it. */
  manifests: Readonly<Record<string, readonly ServedImage[]>>;
  /** What is injected beside refs. */
  uses: string;
  /** Fails what is read. */
  unreadable?: Error;
  /** Fails what is applied. */
  refused?: Error;
  /** Whether what is applied gets ready. */
  isSlow: boolean;
  /** What was read, in passes. */
  reads: number;
  /** The objects that each pass sent, with the refs in them; blocked ones not. */
  readonly passes: Readonly<Record<string, string>>[];
  /** Calls that are not answered yet, where `isSlow`. */
  readonly waits: (() => void)[];
  /** Somebody takes the set. */
  lose: (error: SlipwayError) => void;
}

/**
 * A serve whose images are real but for the Docker (`useImageStage`), and whose
 * files are told of by the test.
 */
export function useLoopStage() {
  const stage = useImageStage();
  const { folder, events } = stage;
  let loop: ServeLoop | undefined;
  let running: Promise<ServeEnd> | undefined;
  let end = new AbortController();
  let tell: (changes: Changes) => void = () => undefined;
  let watched: readonly WatchedTree[] = [];
  let hearing: () => Promise<void> = hears;

  beforeEach(() => {
    end = new AbortController();
    hearing = hears;
  });
  afterEach(async () => {
    end.abort();
    await running;
    await loop?.close();
    loop = running = undefined;
  });

  function project(
    name: string,
    manifests: StagedProject['manifests'] = {},
  ): StagedProject {
    const nothing = () => undefined;
    const staged: StagedProject = {
      manifests,
      uses: '',
      isSlow: false,
      reads: 0,
      passes: [],
      waits: [],
      lose: nothing,
      name,
      namespace: 'default',
      cluster: {} as Cluster,
      logs: 'none',
      portForwards: () => false,
      whenLost: (onLost) => {
        staged.lose = onLost;
      },
      wait: true,
      timeout: 1000,
      trees: () => Promise.resolve([{ path: folder.at(`${name}.k8s`) }]),
      load: () => {
        staged.reads += 1;
        return staged.unreadable
          ? Promise.reject(staged.unreadable)
          : Promise.resolve(loadedOf(staged));
      },
      set: {
        claim: () => Promise.resolve(),
        apply: (objects) => {
          if (staged.refused) return Promise.reject(staged.refused);
          staged.passes.push(sentOf(objects));
          return Promise.resolve({
            objects: [],
            pass: 'quick',
            ready: (signal) =>
              new Promise((resolve) => {
                const ready = () => resolve({ objects: [] });
                signal.addEventListener('abort', ready, { once: true });
                if (staged.isSlow) staged.waits.push(ready);
                else ready();
              }),
          });
        },
        followPods: () => nothing,
        replacePods: () => Promise.resolve(),
        followEvents: () => nothing,
        close: () => Promise.resolve(),
      },
    };
    return staged;
  }

  function start(
    projects: readonly ServedProject[],
    parts: Partial<ServeSession> = {},
  ): ServeLoop {
    const clock: Clock = realClock;
    loop = new ServeLoop({
      root: folder.path,
      context: 'staged',
      projects,
      configuration: {
        files: () => [folder.at('nx.json')],
        reload: () => Promise.resolve(true),
      },
      trigger: 'auto',
      onChange: 'restart',
      parallel: 2,
      openWatcher: (onChanges) => {
        tell = onChanges;
        return {
          watch: async (trees) => {
            await hearing();
            watched = trees;
          },
          close: () => undefined,
        };
      },
      emit: (event) => events.push(event),
      clock,
      secrets: () => [],
      signal: end.signal,
      ...parts,
    });
    running = loop.run();
    return loop;
  }

  return {
    ...stage,
    project,
    start,
    /** As a watcher tells of them. */
    changed: (...paths: string[]) =>
      tell({
        paths: new Set(paths.map((path) => folder.at(path))),
        all: false,
        at: performance.now(),
      }),
    /** What is to be watched is when this resolves; fails, if it does. */
    deafen: (until: () => Promise<void> = hears) => {
      hearing = until;
    },
    watched: () => watched.map(({ path }) => path),
    ended: () => running,
    upToDate: () =>
      eventually('up to date', () => loop?.status().isUpToDate ?? false),
    stateOf: (name: string) =>
      loop?.status().projects.find((each) => each.name === name)?.state,
    count: (type: string) => events.filter((each) => each.type === type).length,
  };
}

const hears = () => Promise.resolve();

function loadedOf({ manifests, uses }: StagedProject) {
  const names = Object.keys(manifests);
  const images = Object.values(manifests).flat();
  return {
    objects: names.map((name) => ({
      manifest: manifestOf(name, ''),
      images: (manifests[name] ?? []).map(({ key }) => key),
    })),
    images: [...new Map(images.map((image) => [image.key, image])).values()],
    foreign: [],
    uses,
    inject: (current: Parameters<Inject>[0]) =>
      Promise.resolve(
        names.map((name) => {
          const refs = (manifests[name] ?? []).map(
            ({ key }) => current.get(key)?.deployRef.cluster.tag,
          );
          return manifestOf(name, refs.join());
        }),
      ),
  };
}

type Inject = Awaited<ReturnType<ServedProject['load']>>['inject'];

function manifestOf(name: string, refs: string): ManifestObject {
  return {
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, refs },
    origin: `${name}.yaml`,
    ...{ line: 1, column: 1, text: 0, document: 0, path: [] },
  };
}

function sentOf(objects: readonly ServedObject[]): Record<string, string> {
  return Object.fromEntries(
    objects.flatMap(({ manifest: { object }, isBlocked }) =>
      isBlocked ? [] : [[object.metadata.name, String(object.refs)]],
    ),
  );
}
