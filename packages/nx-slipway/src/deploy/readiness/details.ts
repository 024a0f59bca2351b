import { resourcePath, type Cluster } from '../../cluster';
import type { LiveObject } from '../live';
import type { PodTrouble } from './pod-trouble';

const LOG_LINES = 10;
const PODS = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
};

interface Event {
  readonly type?: string;
  readonly involvedObject?: { readonly fieldPath?: string };
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly metadata?: { readonly creationTimestamp?: string };
}

/**
 * What Kubernetes says of an object that is in trouble: its last warning, and the
 * last lines of a container's log; what the user may not read is left out.
 * @returns lines, without indentation
 */
export async function detailsOf(
  object: LiveObject,
  trouble: PodTrouble | undefined,
  cluster: Cluster,
): Promise<string[]> {
  const about = trouble?.pod ?? object;
  const [event, log] = await Promise.all([
    lastEvent(about, trouble?.container, cluster),
    trouble ? lastLog(trouble, cluster) : [],
  ]);
  const told = event
    ? [`last event: ${event.reason}: ${oneLine(event.message ?? '')}`]
    : [];
  return log.length === 0
    ? told
    : [...told, 'last lines of the log:', ...log.map((line) => `  ${line}`)];
}

async function lastEvent(
  { metadata: { namespace, uid } }: LiveObject,
  container: string | undefined,
  cluster: Cluster,
): Promise<Event | undefined> {
  if (namespace === undefined || uid === undefined) return undefined;
  const selector = encodeURIComponent(`involvedObject.uid=${uid}`);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events?fieldSelector=${selector}`;
  const list = await cluster.getIfPermitted<{ items?: readonly Event[] }>(path);
  const events = [...(list?.items ?? [])].sort((a, b) =>
    timeOf(a) < timeOf(b) ? -1 : 1,
  );
  const own = events.filter(({ involvedObject }) =>
    involvedObject?.fieldPath?.endsWith(`{${container}}`),
  );
  const told = own.length > 0 ? own : events;
  // That an image was found once more is no news.
  return told.filter(({ type }) => type === 'Warning').at(-1) ?? told.at(-1);
}

function timeOf({ lastTimestamp, eventTime, metadata }: Event): string {
  return lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '';
}

async function lastLog(
  { pod, container, hasCrashed }: PodTrouble,
  cluster: Cluster,
): Promise<string[]> {
  if (container === undefined) return [];
  const { namespace, name } = pod.metadata;
  const path = resourcePath(PODS, { namespace, name, subresource: 'log' });
  const query = `container=${encodeURIComponent(container)}&tailLines=${LOG_LINES}`;
  const before = hasCrashed
    ? await cluster.text(`${path}?${query}&previous=true`)
    : undefined;
  const text = before ?? (await cluster.text(`${path}?${query}`)) ?? '';
  return text.trimEnd().split('\n').filter(Boolean).map(oneLine);
}

/** No escape sequence from a cluster reaches the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
