import type { Cluster } from '../cluster';
import { isSuccess, type KubeAnswer, type KubeRequest } from '../request';
import { keyOf, type WatchedObject } from './watched-object';

export interface ObjectList {
  /** By `namespace/name`. */
  readonly objects: ReadonlyMap<string, WatchedObject>;
  /** Where a watch goes on. */
  readonly version?: string;
}

/** An answer that is no success. */
export interface Refused {
  readonly request: KubeRequest;
  readonly answer: KubeAnswer;
}

interface Page {
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly continue?: string;
  };
  readonly items?: readonly WatchedObject[];
}

const PAGE = 500;

/**
 * A whole collection, page by page. Where the server has forgotten what the
 * next page was to be of (410), it is asked for all at once, as client-go does.
 * @param accept as what it is asked for. Default: whole objects
 * @throws as Cluster.request
 */
export async function listObjects(
  { request: ask }: Pick<Cluster, 'request'>,
  path: string,
  accept?: string,
): Promise<ObjectList | Refused> {
  const objects = new Map<string, WatchedObject>();
  let next: string | undefined;
  let limit: number | undefined = PAGE;
  for (;;) {
    const request = { ...pageRequest(path, limit, next), accept };
    const answer = await ask(request);
    if (answer.status === 410 && next) {
      objects.clear();
      [next, limit] = [undefined, undefined];
      continue;
    }
    if (!isSuccess(answer)) return { request, answer };
    const { items, metadata } = (answer.body ?? {}) as Page;
    for (const item of items ?? []) objects.set(keyOf(item), item);
    next = metadata?.continue || undefined;
    if (!next) return { objects, version: metadata?.resourceVersion };
  }
}

function pageRequest(
  path: string,
  limit: number | undefined,
  next: string | undefined,
): KubeRequest {
  const query = new URLSearchParams();
  if (limit !== undefined) query.set('limit', String(limit));
  if (next !== undefined) query.set('continue', next);
  return { method: 'GET', path: withQuery(path, query) };
}

/** @param path with or without a query of its own */
export function withQuery(path: string, query: URLSearchParams): string {
  if (query.size === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`;
}
