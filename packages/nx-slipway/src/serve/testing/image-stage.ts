import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { realClock, type BuildSystems, type Clock } from '../../build';
import { connectDocker, type DockerEngine } from '../../docker';
import { KnownFiles } from '../../inputs';
import { dockerCredentials } from '../../registry';
import { Secrets } from '../../report';
import { ledgerFolder, openLedger, type Ledger } from '../../state';
import { defaultPlan } from '../../testing/build-plan';
import { useDockerApi } from '../../testing/docker-api';
import { recordingReporter } from '../../testing/recording-reporter';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import type { ServedImage } from '../desired';
import type { CycleEvent, ServeEvent } from '../events';
import type { ImageHost } from '../image-host';
import { ImageUnit } from '../image-unit';
import { Slots } from '../slots';
import { Tidying } from '../tidying';

/** Of a command: it goes no further while the test has it pause. */
export const WHILE_PAUSED = 'while [ -e pause ]; do sleep 0.02; done';

type SpecParts = Partial<ServedImage> & { readonly command: string };

/**
 * Images of a serve in a workspace of their own. Files, commands and hashes are
 * real; the Docker is staged, and an image in it holds what its command has put
 * into `NAME.built`.
 */
export function useImageStage() {
  const folder = useTempFolder();
  const api = useDockerApi(folder);
  const units = new Map<string, ImageUnit>();
  const made: ImageUnit[] = [];
  const events: ServeEvent[] = [];
  let end = new AbortController();
  let docker: DockerEngine;
  let ledger: Ledger;
  const mode = { isAuto: true, isPaused: false };

  beforeEach(() => {
    docker = connectDocker({ DOCKER_HOST: api.address });
    ledger = openLedger(ledgerFolder(folder.path));
    end = new AbortController();
    Object.assign(mode, { isAuto: true, isPaused: false });
    api.intercept = ({ url = '' }) => {
      const [, ref, name] =
        /^\/images\/((\w+):.*-build-[0-9a-f]{16})\/json$/.exec(url) ?? [];
      const isNew = ref && !api.images.some(({ tags }) => tags.includes(ref));
      if (isNew) api.add({ tags: [ref], layers: [digestOf(built(name))] });
      return false;
    };
  });
  afterEach(async () => {
    end.abort();
    await Promise.all(made.map((unit) => unit.close()));
    await Promise.all(made.map((unit) => unit.idle()));
    made.splice(0);
    units.clear();
    events.splice(0);
    await ledger.settled();
    docker.close();
  });

  const built = (name = '') => readFileSync(folder.at(`${name}.built`), 'utf8');

  function systems(): BuildSystems {
    const { signal } = end;
    const secrets = new Secrets({});
    return {
      docker,
      connectRegistry: () => {
        throw new Error('there is no registry');
      },
      credentials: dockerCredentials(
        { DOCKER_CONFIG: folder.path },
        { homedir: folder.path, onSecret: () => undefined },
      ),
      ledger,
      place: { machine: 'here', workspace: folder.path },
      env: { PATH: process.env.PATH },
      toolFolders: () => Promise.resolve([]),
      now: () => performance.now(),
      reporter: recordingReporter(),
      secrets: () => secrets.all,
      signal,
    };
  }

  function spec(name: string, parts: SpecParts): ServedImage {
    const { command, ...more } = parts;
    const root = folder.path;
    const plan = defaultPlan({ root, name, command, host: 'localhost:1' });
    return {
      key: name,
      name,
      plan: {
        ...plan,
        deps: { ...plan.deps, deps: [{ path: folder.at(name) }] },
        platform: { os: 'linux', architecture: 'amd64' },
        registry: undefined,
        push: false,
        recordFile: folder.at(`${name}.json`),
      },
      systems: systems(),
      parents: [],
      ...more,
    };
  }

  function unit(
    name: string,
    parts: SpecParts,
    host: Partial<ImageHost> = {},
  ): ImageUnit {
    const clock: Clock = realClock;
    const unit = new ImageUnit(spec(name, parts), {
      clock,
      emit: (event) => events.push(event),
      slots: new Slots(2),
      tidying: new Tidying(clock, () => true),
      onChange: 'restart',
      signal: end.signal,
      knownFiles: new KnownFiles(),
      secrets: () => [],
      isAuto: () => mode.isAuto,
      isPaused: () => mode.isPaused,
      image: (key) => units.get(key),
      areTaken: () => false,
      replacePod: () => Promise.resolve(),
      onLent: () => undefined,
      onState: () => undefined,
      onSettled: (settled, cycle) => {
        cycle?.end('done');
        for (const child of units.values()) {
          if (child.parentKeys.includes(settled.key)) {
            child.look(undefined, settled.isGranted);
          }
        }
      },
      ...host,
    });
    units.set(name, unit);
    made.push(unit);
    return unit;
  }

  return {
    folder,
    api,
    mode,
    events,
    spec,
    unit,
    /** What is in the image that stands. */
    contentOf: (of: ImageUnit, known: readonly string[]) =>
      known.find((text) =>
        api.images.some(
          ({ tags, layers }) =>
            of.image !== undefined &&
            tags.some((tag) => of.ref?.startsWith(tag)) &&
            layers?.[0] === digestOf(text),
        ),
      ),
    /** Commands with `WHILE_PAUSED` wait there, until `goOn`. */
    pause: () => folder.write({ pause: '' }),
    goOn: () => rm(folder.at('pause')),
    /** How often a command that appends to `NAME.log` has run. */
    runs: (name: string) =>
      readFileSync(folder.at(`${name}.log`), 'utf8').split('\n').length - 1,
    cycles: () => events.filter((event) => event.type === 'cycle'),
    results: () =>
      events.flatMap((event) => (event.type === 'cycle' ? event.result : [])),
    /** Until it is idle. */
    settled: async (of: ImageUnit): Promise<CycleEvent | undefined> => {
      await eventually(`${of.name} idle`, () => of.workSince === undefined);
      await of.idle();
      return events.filter((event) => event.type === 'cycle').at(-1);
    },
  };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
