import { resourcePath, watchObjects, type ApiResource } from '../../cluster';
import { SlipwayError } from '../../report';
import { cancelled } from '../cancelled';
import { inParallel } from '../in-parallel';
import { inWords, type ObjectName } from '../object-name';
import type { DeploySystems } from '../types';
import type { LiveObject } from './live-object';

/** An object that is to go. */
export interface Leaving extends ObjectName {
  readonly resource: ApiResource;
  readonly object: LiveObject;
}

export interface Wait {
  /** Milliseconds. */
  readonly timeout: number;
  /** As a query, of labels that all of them have. */
  readonly selector?: string;
}

/**
 * Waits until objects are gone; one of the same name that came in its place
 * counts as gone.
 * @throws SLIPWAY_E_NOT_READY naming what stays, and what holds it; and as
 *   Cluster.request
 */
export async function waitUntilGone(
  leaving: readonly Leaving[],
  wait: Wait,
  systems: DeploySystems,
): Promise<void> {
  const collections = new Map<string, Leaving[]>();
  for (const each of leaving) {
    const { namespace } = each;
    const path = resourcePath(each.resource, { namespace });
    collections.set(path, [...(collections.get(path) ?? []), each]);
  }
  await inParallel(collections, ([path, those]) =>
    waitInCollection(path, those, wait, systems),
  );
}

async function waitInCollection(
  path: string,
  leaving: readonly Leaving[],
  { timeout, selector }: Wait,
  { cluster, signal }: DeploySystems,
): Promise<void> {
  const [only] = leaving;
  const query =
    leaving.length === 1
      ? `?fieldSelector=${encodeURIComponent(`metadata.name=${only?.name}`)}`
      : selector === undefined
        ? ''
        : `?${selector}`;
  const end = new AbortController();
  const stop = () => end.abort();
  signal.addEventListener('abort', stop, { once: true });
  let left: readonly LiveObject[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(stillThere(left, timeout)), timeout);
      end.signal.addEventListener('abort', () => reject(cancelled()));
      watchObjects(cluster, {
        path: `${path}${query}`,
        signal: end.signal,
        onChange: (objects) => {
          left = stillIn(objects, leaving);
          if (left.length === 0) resolve();
        },
        onError: reject,
      }).catch(reject);
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    end.abort();
  }
}

function stillIn(
  objects: ReadonlyMap<string, unknown>,
  leaving: readonly Leaving[],
): LiveObject[] {
  return leaving.flatMap(({ namespace = '', name, object, kind }) => {
    const found = objects.get(`${namespace}/${name}`) as LiveObject | undefined;
    const isSame = found && found.metadata.uid === object.metadata.uid;
    return isSame ? [{ ...found, kind }] : [];
  });
}

function stillThere(left: readonly LiveObject[], timeout: number) {
  const lines = left.map(({ kind, metadata }) => {
    const finalizers = (metadata.finalizers ?? []) as readonly string[];
    const held = finalizers.length > 0 ? ` (${finalizers.join(', ')})` : '';
    return `${inWords({ kind, ...metadata })}${held}`;
  });
  return new SlipwayError({
    code: 'SLIPWAY_E_NOT_READY',
    message: `not gone after ${timeout / 1000} s: ${lines.join(', ')}.`,
    hint: 'What stands in brackets are finalizers: whoever has set them must do its work and take them away.',
  });
}
