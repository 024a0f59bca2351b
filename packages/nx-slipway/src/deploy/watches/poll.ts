import {
  listObjects,
  type Cluster,
  type ObjectWatch,
  type WatchedObject,
} from '../../cluster';
import { every, type Timers } from './timers';

const EVERY_MS = 2000;

export interface PollParts {
  readonly cluster: Cluster;
  readonly timers: Timers;
  readonly onChange: () => void;
  readonly onError: (error: Error) => void;
}

/**
 * A collection that may be listed and not watched: a Role that somebody wrote
 * has `get` and `list`, and `watch` was not thought of.
 * @returns undefined if it may not be listed, either
 * @throws as Cluster.request
 */
export async function pollObjects(
  path: string,
  { cluster, timers, onChange, onError }: PollParts,
): Promise<ObjectWatch | undefined> {
  const first = await list(cluster, path);
  if (!first) return undefined;
  let objects = first;
  let isAsking = false;
  let isClosed = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const found = await list(cluster, path);
      if (isClosed || !found) return;
      objects = found;
      onChange();
    } catch (error) {
      if (!isClosed) onError(error as Error);
    } finally {
      isAsking = false;
    }
  };
  const stop = every(timers, EVERY_MS, () => void ask());
  return {
    get objects() {
      return objects;
    },
    close() {
      isClosed = true;
      stop();
    },
  };
}

async function list(
  cluster: Cluster,
  path: string,
): Promise<ReadonlyMap<string, WatchedObject> | undefined> {
  const list = await listObjects(cluster, path);
  if ('objects' in list) return list.objects;
  const { request, answer } = list;
  if (answer.status === 403) return undefined;
  throw cluster.refusal(request, answer);
}
