import { setTimeout as sleep } from 'node:timers/promises';
import {
  isApiAway,
  resourcePath,
  type ApiResource,
  type WatchedObject,
} from '../../cluster';
import type { KubeObject } from '../../manifest';
import { SlipwayError } from '../../report';
import { cancelled } from '../cancelled';
import { conditionsOf } from '../conditions';
import { labelSelector } from '../inventory';
import { inWords } from '../object-name';
import type { Target } from '../desired';
import type { DeploySystems } from '../types';
import { watchUntil } from '../watch-until';

const POLL_MS = 100;

/**
 * Waits until CustomResourceDefinitions are established, or APIServices are
 * available.
 * @param timeout milliseconds
 * @throws SLIPWAY_E_NOT_READY, and as Cluster.request
 */
export async function waitUntilServed(
  definitions: readonly Target[],
  setId: string,
  timeout: number,
  systems: DeploySystems,
): Promise<void> {
  const [first] = definitions;
  if (!first) return;
  let left = definitions.map((target) => inWords(target));
  await watchUntil(
    {
      path: `${resourcePath(first.resource)}?${labelSelector('part-of', setId)}`,
      timeout,
      isDone: (objects) => {
        const found = definitions.map(({ name }) => objects.get(`/${name}`));
        left = definitions.flatMap((target, at) =>
          isServed(found[at]) ? [] : [`${inWords(target)}${whyNot(found[at])}`],
        );
        return left.length === 0;
      },
      late: () => notServed(left, timeout),
    },
    systems,
  );
}

/**
 * Waits until discovery knows a kind, which comes a moment after its definition
 * is established; of several API servers each has its own moment. It cannot be
 * watched.
 * @throws SLIPWAY_E_NOT_READY, SLIPWAY_E_CANCELLED, and as Cluster.resource
 */
export async function waitForKind(
  { apiVersion, kind }: KubeObject,
  timeout: number,
  { cluster, now, signal }: DeploySystems,
): Promise<ApiResource> {
  const until = now() + timeout;
  for (;;) {
    const isLate = now() > until;
    const found = await cluster
      .resource(apiVersion, kind)
      .catch((error: unknown) => {
        if (isLate || !isApiAway(error)) throw error;
        return undefined;
      });
    if (found) return found;
    if (isLate) throw notServed([`${kind} of ${apiVersion}`], timeout);
    cluster.forget(apiVersion);
    await sleep(POLL_MS, undefined, { signal }).catch(() => {
      throw cancelled();
    });
  }
}

function isServed(object: WatchedObject | undefined): boolean {
  return conditionsOf(object ?? {}).some(
    ({ type = '', status }) =>
      ['Established', 'Available'].includes(type) && status === 'True',
  );
}

function whyNot(object: WatchedObject | undefined): string {
  const failing = conditionsOf(object ?? {}).find(
    ({ status, message }) => status === 'False' && message,
  );
  return failing ? ` (${failing.reason}: ${failing.message})` : '';
}

function notServed(left: readonly string[], timeout: number): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_NOT_READY',
    message: `not served after ${timeout / 1000} s: ${left.join(', ')}.`,
    hint: '`kubectl describe` of it tells what the API server says.',
  });
}
