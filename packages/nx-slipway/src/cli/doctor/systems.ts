import type { DockerEngine, DockerInfo } from '../../docker';
import type { Registry } from '../../image';
import { connectRegistry, dockerCredentials } from '../../registry';
import { SlipwayError } from '../../report';
import type { WorkspaceOptions } from '../../settings';
import { reporterOn, type Terminal } from '../terminal';
import { askCluster, type AskedCluster } from './cluster';
import { skip, type Finding } from './finding';
import type { ChosenRegistry } from './registry';

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

export interface OpenDocker {
  readonly engine: DockerEngine;
  readonly info: Promise<DockerInfo>;
}

export async function openDocker({
  terminal,
  onEnd,
}: Doctor): Promise<OpenDocker> {
  const { connectDocker } = await import('../../docker');
  const engine = connectDocker(terminal.env);
  onEnd(() => engine.close());
  const info = engine.info();
  // Whoever asks is told; nobody may.
  info.catch(() => undefined);
  return { engine, info };
}

/** The check of Docker itself says what is wrong: the others need not. */
export async function withDocker(
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

export function ask(doctor: Doctor, context: string): Promise<AskedCluster> {
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
export async function chooseRegistry(
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

export function openRegistry(doctor: Doctor, host: string, registry: Registry) {
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

export function credentialsOf({ terminal, signal }: Doctor) {
  const { env, homedir, secrets } = terminal;
  const onSecret = (value: string) => secrets.add(value);
  return dockerCredentials(env, { homedir, onSecret, signal });
}

/** One answer for all that ask, which also may be an error. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
