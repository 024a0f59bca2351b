import { isSuccess } from '../../cluster';
import { SlipwayError, hasCode } from '../../report';
import { inParallel } from '../in-parallel';
import { waitUntilGone, type LiveObject } from '../live';
import { MANAGER } from '../fields';
import type { DeploySystems } from '../types';

/** `unknown`: they may not be read. */
export type NamespaceState = 'there' | 'missing' | 'going' | 'unknown';

const NAMESPACE = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};
/** A namespace goes when all in it has gone: pods take their grace. */
const LONGEST_WAIT_MS = 60_000;

/**
 * How the namespaces stand that a set is in; a role that is limited to one may
 * read none, which is said once.
 * @throws as Cluster.request
 */
export async function namespaceStates(
  names: Iterable<string>,
  { cluster, reporter }: Pick<DeploySystems, 'cluster' | 'reporter'>,
): Promise<Map<string, NamespaceState>> {
  const states = new Map<string, NamespaceState>();
  await inParallel(new Set(names), async (name) => {
    states.set(name, await stateOf(name, cluster));
  });
  const unread = [...states].flatMap(([name, state]) =>
    state === 'unknown' ? [name] : [],
  );
  if (unread.length > 0) {
    reporter.info(
      `namespaces may not be read, and are taken to be there: ${unread.join(', ')}`,
    );
  }
  return states;
}

async function stateOf(name: string, cluster: DeploySystems['cluster']) {
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}`;
  const request = { method: 'GET' as const, path };
  const answer = await cluster.request(request);
  if (answer.status === 404) return 'missing';
  if (answer.status === 403) return 'unknown';
  if (answer.status !== 200) throw cluster.refusal(request, answer);
  const { metadata } = answer.body as LiveObject;
  return metadata.deletionTimestamp === undefined ? 'there' : 'going';
}

export interface EnsureNamespaces {
  /** Those that are among the objects of the set. */
  readonly inSet: ReadonlySet<string>;
  /** Make the others, if they are missing. */
  readonly create: boolean;
  /** Milliseconds, for those that are going. */
  readonly timeout: number;
}

/**
 * Sees to it that namespaces are there: waits for those that are going to be
 * gone, and makes what is missing, if it may.
 * @throws SLIPWAY_E_NAMESPACE, and as Cluster.request
 */
export async function ensureNamespaces(
  states: ReadonlyMap<string, NamespaceState>,
  { inSet, create, timeout }: EnsureNamespaces,
  systems: DeploySystems,
): Promise<void> {
  const going = [...states].filter(([, state]) => state === 'going');
  await inParallel(going, ([name]) => waitForEnd(name, timeout, systems));
  const missing = absent(states).filter((name) => !inSet.has(name));
  if (missing.length > 0 && !create) throw missingError(missing);
  await inParallel(missing, (name) => makeNamespace(name, systems));
}

/** Those that are not there, or will not be in a moment. */
export function absent(states: ReadonlyMap<string, NamespaceState>): string[] {
  return [...states].flatMap(([name, state]) =>
    state === 'missing' || state === 'going' ? [name] : [],
  );
}

async function waitForEnd(
  name: string,
  timeout: number,
  systems: DeploySystems,
): Promise<void> {
  const { cluster, reporter } = systems;
  reporter.info(`the namespace ${name} is being deleted; waiting for its end`);
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}`;
  const object = await cluster.get<LiveObject>(path);
  if (!object) return;
  const leaving = { ...NAMESPACE, name, object, resource: NAMESPACE };
  try {
    const wait = { timeout: Math.min(timeout, LONGEST_WAIT_MS) };
    await waitUntilGone([leaving], wait, systems);
  } catch (error) {
    if (!hasCode(error, 'SLIPWAY_E_NOT_READY')) throw error;
    throw namespaceError(
      `the namespace ${name} is being deleted, and does not go: ${error.message}`,
      `\`kubectl get namespace ${name} -o yaml\` says in its conditions what is left in it.`,
    );
  }
}

async function makeNamespace(
  name: string,
  { cluster, reporter }: DeploySystems,
): Promise<void> {
  const request = {
    method: 'POST' as const,
    path: `/api/v1/namespaces?fieldManager=${MANAGER}`,
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    // That it is there already is fine.
    idempotent: true,
  };
  const answer = await cluster.request(request);
  if (answer.status === 409) return;
  if (!isSuccess(answer)) throw cluster.refusal(request, answer);
  reporter.info(`made the namespace ${name}`);
}

function missingError(names: readonly string[]): SlipwayError {
  const [are, them] =
    names.length > 1
      ? [`namespaces ${names.join(', ')} are`, 'them']
      : [`namespace ${names.join()} is`, 'it'];
  return namespaceError(
    `the ${are} not there.`,
    `--create-namespace makes ${them}; or add a Namespace to the manifests; or \`kubectl create namespace ${names[0]}\`.`,
  );
}

export function namespaceError(message: string, hint: string): SlipwayError {
  return new SlipwayError({ code: 'SLIPWAY_E_NAMESPACE', message, hint });
}
