import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled, isSuccess, openExec, type Cluster } from '../../cluster';
import type { SlipwayError } from '../../report';
import type { ContainerPlace } from '../types';
import { transferError } from './advice';
import type { Exec } from './link';

export interface HelperParts {
  readonly cluster: Cluster;
  /** The container that is to be helped. */
  readonly place: ContainerPlace;
  /** Has a shell, tar and coreutils: busybox, say. */
  readonly image: string;
  readonly signal: AbortSignal;
}

/** Of the core API, as far as it is looked at here. */
interface Pod {
  readonly spec: {
    readonly shareProcessNamespace?: boolean;
    readonly hostPID?: boolean;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly ephemeralContainers?: readonly EphemeralContainer[];
  };
  readonly status?: {
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly securityContext?: Readonly<Record<string, unknown>>;
}

interface EphemeralContainer extends Container {
  readonly targetContainerName?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly running?: unknown;
    readonly terminated?: { readonly reason?: string };
    readonly waiting?: { readonly reason?: string; readonly message?: string };
  };
}

const PREFIX = 'nx-slipway-';
/** Milliseconds: an image may have to be pulled. */
const PATIENCE = 60_000;
const STEP = 100;
/** Of a kubelet that waits for what will not come by itself. */
const HOPELESS =
  /^(?:ErrImage|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainer(?:Config)?Error|RunContainerError)/;

/**
 * Brings up an ephemeral container beside one that has no shell, which shares
 * its processes, and so sees its files at /proc/1/root. It has the rights of the
 * other, so that it may (ptrace(2), access mode checking). It ends with that
 * container and is never removed from the pod: Kubernetes cannot.
 * @param user `uid:gid` that it is to be, where the pod does not say it
 * @returns what starts commands in it
 * @throws SLIPWAY_E_LIVE_UPDATE, SLIPWAY_E_CANCELLED
 */
export async function openHelper(
  parts: HelperParts,
  user?: string,
): Promise<Exec> {
  const { cluster, place } = parts;
  const pod = await readPod(parts);
  const { shareProcessNamespace, hostPID } = pod.spec;
  if (shareProcessNamespace || hostPID) {
    const words = `${hostPID ? 'hostPID' : 'shareProcessNamespace'} is set, and so its processes cannot be told from others`;
    throw helperError(place, words);
  }
  const wanted = containerOf(pod, parts, user);
  const known = runningAs(pod, wanted);
  const name = known ?? wanted.name;
  if (known === undefined) await add(parts, wanted);
  await untilRunning(parts, name);
  return (command, options) =>
    openExec(cluster, { ...place, container: name, command, ...options });
}

function containerOf(
  { spec }: Pod,
  { place, image }: HelperParts,
  user?: string,
) {
  const target = [...spec.containers, ...(spec.initContainers ?? [])].find(
    ({ name }) => name === place.container,
  );
  const [runAsUser, runAsGroup] = (user ?? '').split(':').map(Number);
  return {
    name: `${PREFIX}${randomBytes(4).toString('hex')}`,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sleep', '2147483647'],
    targetContainerName: place.container,
    securityContext: {
      ...target?.securityContext,
      ...(user !== undefined && { runAsUser, runAsGroup }),
    },
  };
}

type Wanted = ReturnType<typeof containerOf>;

/** One that a serve before this one has brought up. */
function runningAs({ spec, status }: Pod, wanted: Wanted): string | undefined {
  const running = new Set(
    status?.ephemeralContainerStatuses
      ?.filter(({ state }) => state?.running !== undefined)
      .map(({ name }) => name),
  );
  const keyOf = ({ image, securityContext = {} }: Container) =>
    JSON.stringify([image, Object.entries(securityContext).sort()]);
  return spec.ephemeralContainers?.find(
    (each) =>
      each.name.startsWith(PREFIX) &&
      each.targetContainerName === wanted.targetContainerName &&
      keyOf(each) === keyOf(wanted) &&
      running.has(each.name),
  )?.name;
}

async function add(
  { cluster, place }: HelperParts,
  container: Wanted,
): Promise<void> {
  const request = {
    method: 'PATCH',
    path: `${podPath(place)}/ephemeralcontainers`,
    contentType: 'application/strategic-merge-patch+json',
    body: { spec: { ephemeralContainers: [container] } },
  } as const;
  const answer = await cluster.request(request);
  if (isSuccess(answer)) return;
  const refusal = cluster.refusal(request, answer);
  throw helperError(place, refusal.message, refusal);
}

async function untilRunning(parts: HelperParts, name: string): Promise<void> {
  const { place, signal } = parts;
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    const { status } = await readPod(parts);
    const { state } =
      status?.ephemeralContainerStatuses?.find((each) => each.name === name) ??
      {};
    if (state?.running !== undefined) return;
    const { waiting, terminated } = state ?? {};
    if (terminated)
      throw helperError(place, terminated.reason ?? 'it has ended');
    if (HOPELESS.test(waiting?.reason ?? '')) {
      const { reason = '', message = '' } = waiting ?? {};
      throw helperError(place, `${reason} ${message}`);
    }
    if (signal.aborted) throw cancelled();
    await sleep(STEP);
  }
  throw helperError(place, `it does not run after ${PATIENCE / 1000} s`);
}

async function readPod({ cluster, place }: HelperParts): Promise<Pod> {
  const pod = await cluster.get<Pod>(podPath(place));
  if (!pod) throw helperError(place, 'the pod is gone');
  return pod;
}

function podPath({ namespace, pod }: ContainerPlace): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;
}

function helperError(
  place: ContainerPlace,
  words: string,
  cause?: unknown,
): SlipwayError {
  const what = 'its image has no shell, and no helper could be brought up';
  return transferError(place, { what, words, cause });
}
