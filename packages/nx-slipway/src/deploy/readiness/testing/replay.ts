import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiResource } from '../../../cluster';
import type { LiveObject } from '../../live';
import { Assessment } from '../assess';
import { lineOf } from '../describe';
import type { Expected } from '../expected';
import { Patience } from '../patience';
import type { Seen } from '../seen';

/** One line of a watch on Kubernetes 1.34, less what nobody here reads. */
export interface Recorded {
  /** Milliseconds since the watches were opened. */
  readonly t: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** `deployments` */
  readonly in: string;
  readonly object: LiveObject;
}

/**
 * Seven watches of three namespaces, in the order of arrival: `rec`, where
 * workloads are made and changed, `quota`, which has room for no pod, and
 * `fresh`, whose workloads were made right after it.
 */
export const RECORDED: readonly Recorded[] = readFileSync(
  join(__dirname, 'recorded.jsonl'),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

const APPS = { group: 'apps', version: 'v1', namespaced: true };
const RESOURCES: Readonly<Record<string, ApiResource>> = {
  deployments: { ...APPS, kind: 'Deployment', plural: 'deployments' },
  statefulsets: { ...APPS, kind: 'StatefulSet', plural: 'statefulsets' },
  daemonsets: { ...APPS, kind: 'DaemonSet', plural: 'daemonsets' },
  replicasets: { ...APPS, kind: 'ReplicaSet', plural: 'replicasets' },
  jobs: { ...APPS, group: 'batch', kind: 'Job', plural: 'jobs' },
  pods: { ...APPS, group: '', kind: 'Pod', plural: 'pods' },
  events: { ...APPS, group: '', kind: 'Event', plural: 'events' },
};

/** What came of an object that was waited for. */
export interface Outcome {
  readonly state: 'ready' | 'lost' | 'waiting';
  /** Milliseconds, as in Recorded. */
  readonly t: number;
  readonly words: string;
}

/** Objects as watches have seen them so far. */
class Replayed implements Seen {
  private readonly objects = new Map<string, LiveObject>();
  blind: readonly string[] = [];

  take({ type, in: plural, object }: Recorded): void {
    const key = `${plural} ${object.metadata.namespace}/${object.metadata.name}`;
    if (type === 'DELETED') this.objects.delete(key);
    else this.objects.set(key, typed(plural, object));
  }

  sees({ plural }: ApiResource) {
    return !this.blind.includes(plural);
  }

  find({ plural }: ApiResource, namespace = '', name: string) {
    return this.objects.get(`${plural} ${namespace}/${name}`);
  }

  all({ plural }: ApiResource, namespace = '') {
    const prefix = `${plural} ${namespace}/`;
    return [...this.objects].flatMap(([key, object]) =>
      key.startsWith(prefix) ? [object] : [],
    );
  }
}

/**
 * Waits for one object alone, as a deploy that has just applied it.
 * @param what `deployments rec/web`
 * @param generation with which the API server answered
 * @param events those from the apply on are looked at one by one
 */
export function replay(
  what: string,
  generation: number,
  events: readonly Recorded[] = RECORDED,
): Outcome {
  const [plural = '', path = ''] = what.split(' ');
  const [namespace, name] = path.split('/');
  const isIt = ({ in: kind, object: { metadata } }: Recorded) =>
    kind === plural &&
    metadata.namespace === namespace &&
    metadata.name === name;
  const start = events.findIndex(
    (each) => isIt(each) && each.object.metadata.generation === generation,
  );
  const applied = events[start];
  if (!applied) throw new Error(`not recorded: ${what} ${generation}`);
  // At the next change the next run waits for it.
  const next = events.findIndex(
    (each) => isIt(each) && (each.object.metadata.generation ?? 0) > generation,
  );
  let now = applied.t;
  const seen = new Replayed();
  const assessment = new Assessment(seen, () => now);
  const patience = new Patience(() => now);
  const expected: Expected = {
    applied: typed(plural, applied.object),
    resource: RESOURCES[plural] as ApiResource,
    since: now,
    isBoundAtOnce: false,
  };
  for (const each of events.slice(0, start)) seen.take(each);
  let words = '';
  for (const each of events.slice(start, next < 0 ? undefined : next)) {
    // What only time changes is looked at between, too.
    for (const t of ticks(now, each.t)) {
      now = t;
      const [waiting] = assessment.waiting([expected]);
      if (!waiting) {
        return { state: 'ready', t: now, words: expected.ready?.note ?? '' };
      }
      words = lineOf(waiting, assessment);
      const lost = patience.hopeless([waiting], assessment.arrived);
      if (lost.length > 0) return { state: 'lost', t: now, words };
    }
    now = Math.max(now, each.t);
    seen.take(each);
  }
  return { state: 'waiting', t: now, words };
}

function* ticks(from: number, to: number): Generator<number> {
  for (let t = from; t < to; t += 500) yield t;
  yield Math.max(from, to);
}

function typed(plural: string, object: LiveObject): LiveObject {
  const { group, version, kind } = RESOURCES[plural] as ApiResource;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { ...object, apiVersion, kind };
}
