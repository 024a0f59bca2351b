import { resourcePath, type Cluster } from '../../cluster';
import { SlipwayError } from '../../report';
import type { LiveObject } from '../live';
import { EVENTS, PODS } from '../watches';
import { timeOf, type ClusterEvent } from './controller-trouble';
import { shortLine } from './words';

const LOG_LINES = 10;
/** A line of a log may be as long as what the program had to say. */
const LOG_BYTES = 64 * 1024;

/** What details are asked of. */
export interface About {
  readonly object: LiveObject;
  /** Of a pod. */
  readonly container?: string;
  /** Whether the last words are those of the container before this one. */
  readonly hasRestarted: boolean;
}

/**
 * What Kubernetes says of an object that is in trouble: its last warning, and the
 * last lines of a container's log; what the user may not read is left out.
 * @returns lines, without indentation
 */
export async function detailsOf(
  about: About,
  cluster: Cluster,
): Promise<string[]> {
  const parts = await Promise.all(
    [lastEvent(about, cluster), lastLog(about, cluster)].map((part) =>
      part.catch(unknown),
    ),
  );
  return parts.flat();
}

/** That details cannot be had must not hide what they were asked for. */
function unknown(error: unknown): string[] {
  if (!(error instanceof SlipwayError)) throw error;
  return [`more is not known: ${shortLine(error.message)}`];
}

async function lastEvent(
  { object, container }: About,
  cluster: Cluster,
): Promise<string[]> {
  const events = await eventsOf(object, cluster);
  const own = events.filter(({ involvedObject }) =>
    involvedObject?.fieldPath?.endsWith(`{${container}}`),
  );
  const told = own.length > 0 ? own : events;
  // That an image was found once more is no news.
  const warnings = told.filter(({ type }) => type === 'Warning');
  const last = warnings.at(-1) ?? told.at(-1);
  return last
    ? [`last event: ${last.reason}: ${shortLine(last.message ?? '')}`]
    : [];
}

/** From the oldest to the newest; none if the user may not read them. */
export async function eventsOf(
  { metadata: { namespace, uid } }: LiveObject,
  cluster: Cluster,
): Promise<ClusterEvent[]> {
  if (namespace === undefined || uid === undefined) return [];
  const selector = encodeURIComponent(`involvedObject.uid=${uid}`);
  const path = `${resourcePath(EVENTS, { namespace })}?fieldSelector=${selector}`;
  const list = await cluster.getIfPermitted<{
    items?: readonly ClusterEvent[];
  }>(path);
  return [...(list?.items ?? [])].sort((a, b) =>
    timeOf(a) < timeOf(b) ? -1 : 1,
  );
}

async function lastLog(
  { object, container, hasRestarted }: About,
  cluster: Cluster,
): Promise<string[]> {
  if (container === undefined) return [];
  const { namespace, name } = object.metadata;
  const path = resourcePath(PODS, { namespace, name, subresource: 'log' });
  const query = `container=${encodeURIComponent(container)}&tailLines=${LOG_LINES}&limitBytes=${LOG_BYTES}`;
  const before = hasRestarted
    ? await logOf(`${path}?${query}&previous=true`, cluster)
    : undefined;
  const text = before ?? (await logOf(`${path}?${query}`, cluster)) ?? '';
  const lines = text.trimEnd().split('\n').filter(Boolean);
  return lines.length === 0
    ? []
    : [
        'last lines of the log:',
        ...lines.map((line) => `  ${shortLine(line)}`),
      ];
}

/** @returns undefined for a log that is gone: the kubelet says so with HTTP 200 */
async function logOf(
  path: string,
  cluster: Cluster,
): Promise<string | undefined> {
  const text = await cluster.text(path);
  return text?.startsWith('unable to retrieve container logs')
    ? undefined
    : text;
}
