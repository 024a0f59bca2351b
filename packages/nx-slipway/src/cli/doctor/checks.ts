import type { DockerEngine, DockerInfo } from '../../docker';
import type { Registry } from '../../image';
import { connectRegistry, dockerCredentials } from '../../registry';
import { SlipwayError } from '../../report';
import type { WorkspaceOptions } from '../../settings';
import { packageInfo } from '../package-info';
import { reporterOn, type Terminal } from '../terminal';
import { askCluster, type AskedCluster } from './cluster';
import { checkDisk } from './disk';
import { checkDocker, checkDockerCommand, checkDockerDisk } from './docker';
import { skip, type Check, type Finding } from './finding';
import { checkGitIgnore } from './git-ignore';
import {
  checkCredentials,
  checkRegistry,
  checkRegistryInDocker,
  type ChosenRegistry,
} from './registry';
import { checkNode, checkNx } from './versions';
import { checkWatchLimits } from './watch-limits';

export interface Doctor {
  readonly terminal: Terminal;
  /** Of the workspace; none outside of one. */
  readonly root: string | undefined;
  readonly options: WorkspaceOptions;
  /** Of --registry, else of nx.json. */
  readonly registry: ChosenRegistry | undefined;
  /** Whether nobody has said which, so that the cluster is asked. */
  readonly isDetected: boolean;
  /** Of --context. */
  readonly context: string | undefined;
  /** Aborted when the report is made: nothing runs on. */
  readonly signal: AbortSignal;
  /** Called when the report is made. */
  readonly onEnd: (close: () => void | Promise<void>) => void;
}

const WATCH_LIMITS = '/proc/sys/fs/inotify';

/** All checks, in the order in which they are told. */
export function checksFor(doctor: Doctor): Check[] {
  const { terminal, root, context, options } = doctor;
  const { env, cwd } = terminal;
  const info = packageInfo();
  const docker = once(() => openDocker(doctor));
  const named = once(() => ask(doctor, context ?? ''));
  const chosen = once(() => chooseRegistry(doctor, named));
  const contexts = context === undefined ? options.allowContexts : [context];
  return [
    {
      name: 'node',
      look: () => Promise.resolve(checkNode(process.versions.node, info)),
    },
    { name: 'nx', look: () => checkNx(root, info) },
    {
      name: 'docker',
      look: async () => {
        const { engine, info } = await docker();
        return checkDocker(engine, info, process.arch);
      },
    },
    {
      name: 'docker command',
      look: async () => checkDockerCommand((await docker()).engine, terminal),
    },
    {
      name: 'docker disk',
      look: () => withDocker(docker, checkDockerDisk),
    },
    {
      name: 'registry',
      look: async () =>
        checkRegistry(await chosen(), (host, registry) =>
          openRegistry(doctor, host, registry),
        ),
    },
    {
      name: 'registry in docker',
      look: () =>
        withDocker(docker, async (engine, info) =>
          checkRegistryInDocker(await chosen(), engine, info),
        ),
    },
    {
      name: 'credentials',
      look: async () => checkCredentials(await chosen(), credentialsOf(doctor)),
    },
    ...clusterChecks(contexts, (name) =>
      name === context ? named() : ask(doctor, name),
    ),
    { name: 'watch limits', look: () => checkWatchLimits(WATCH_LIMITS) },
    {
      name: 'disk',
      look: () =>
        checkDisk(root ?? cwd, 'where the work is', 'Make room there.'),
    },
    { name: 'git', look: () => checkGitIgnore(root, env) },
  ];
}

function clusterChecks(
  contexts: readonly string[],
  asked: (context: string) => Promise<AskedCluster>,
): Check[] {
  if (contexts.length === 0) {
    const finding = skip(
      'no context is named: --context NAME, or allowContexts in nx.json',
    );
    return [{ name: 'cluster', look: () => Promise.resolve(finding) }];
  }
  return contexts.map((name) => ({
    name: `cluster ${name}`,
    look: async () => (await asked(name)).finding,
  }));
}

interface OpenDocker {
  readonly engine: DockerEngine;
  readonly info: Promise<DockerInfo>;
}

async function openDocker({ terminal, onEnd }: Doctor): Promise<OpenDocker> {
  const { connectDocker } = await import('../../docker');
  const engine = connectDocker(terminal.env);
  onEnd(() => engine.close());
  const info = engine.info();
  // Whoever asks is told; nobody may.
  info.catch(() => undefined);
  return { engine, info };
}

/** The check of Docker itself says what is wrong: the others need not. */
async function withDocker(
  docker: () => Promise<OpenDocker>,
  look: (engine: DockerEngine, info: Promise<DockerInfo>) => Promise<Finding>,
): Promise<Finding> {
  try {
    await (
      await docker()
    ).info;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return skip('Docker does not answer');
  }
  const { engine, info } = await docker();
  return look(engine, info);
}

function ask(doctor: Doctor, context: string): Promise<AskedCluster> {
  const { terminal, options, registry, signal } = doctor;
  const { env, homedir, secrets } = terminal;
  return askCluster({
    options: {
      context,
      allowContexts: options.allowContexts,
      env,
      homedir,
      signal,
      onSecret: (value) => secrets.add(value),
    },
    isNamed: context === doctor.context,
    explicit: registry?.registry,
  });
}

/** As a build chooses: what is written down, else what the cluster announces. */
async function chooseRegistry(
  { registry, isDetected, context }: Doctor,
  named: () => Promise<AskedCluster>,
): Promise<ChosenRegistry | undefined> {
  if (!isDetected || context === undefined) return registry;
  try {
    const { registry: announced } = await named();
    return announced && { registry: announced, source: announced.source };
  } catch (error) {
    // The check of the cluster says so.
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

function openRegistry(doctor: Doctor, host: string, registry: Registry) {
  const { terminal, signal, onEnd } = doctor;
  const client = connectRegistry(host, {
    insecure: registry.insecure,
    caFile: registry.caFile,
    credentials: credentialsOf(doctor),
    env: terminal.env,
    signal,
    onSecret: (value) => terminal.secrets.add(value),
    reporter: reporterOn(terminal),
  });
  onEnd(() => client.close());
  return client;
}

function credentialsOf({ terminal, signal }: Doctor) {
  const { env, homedir, secrets } = terminal;
  const onSecret = (value: string) => secrets.add(value);
  return dockerCredentials(env, { homedir, onSecret, signal });
}

/** One answer for all that ask, which also may be an error. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
