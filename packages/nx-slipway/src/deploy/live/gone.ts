import { resourcePath, type ApiResource } from '../../cluster';
import { SlipwayError } from '../../report';
import { conditionsOf } from '../conditions';
import { inParallel } from '../in-parallel';
import { inWords, type ObjectName } from '../object-name';
import type { DeploySystems } from '../types';
import { watchUntil } from '../watch-until';
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
  systems: DeploySystems,
): Promise<void> {
  const [only] = leaving;
  const query =
    leaving.length === 1
      ? `?fieldSelector=${encodeURIComponent(`metadata.name=${only?.name}`)}`
      : selector === undefined
        ? ''
        : `?${selector}`;
  let left: readonly LiveObject[] = [];
  await watchUntil(
    {
      path: `${path}${query}`,
      timeout,
      isDone: (objects) => {
        left = stillIn(objects, leaving);
        return left.length === 0;
      },
      late: () => stillThere(left, timeout),
    },
    systems,
  );
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

/** What a namespace says of what is in its way. */
function remaining(object: LiveObject): string[] {
  if (object.kind !== 'Namespace') return [];
  return conditionsOf(object).flatMap(({ status, message }) =>
    status === 'True' && message ? [message] : [],
  );
}

function stillThere(left: readonly LiveObject[], timeout: number) {
  const lines = left.map((object) => {
    const { kind, metadata } = object;
    const finalizers = (metadata.finalizers ?? []) as readonly string[];
    const held = finalizers.length > 0 ? ` (${finalizers.join(', ')})` : '';
    const why = remaining(object).map((reason) => `; ${reason}`);
    return `${inWords({ kind, ...metadata })}${held}${why.join('')}`;
  });
  return new SlipwayError({
    code: 'SLIPWAY_E_NOT_READY',
    message: `not gone after ${timeout / 1000} s: ${lines.join(', ')}.`,
    hint: 'What stands in brackets are finalizers: whoever has set them must do its work and take them away.',
  });
}
