import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '../../report';
import { answerError } from '../cluster-errors';
import { requestJson, type Connection } from '../connection';
import { isSuccess, nameOf, type KubeRequest } from '../request';
import { followStream, type WatchEvent } from './stream';

/** What a watch needs to know of an object. */
export interface WatchedObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

export interface WatchObjects {
  /** Of the collection, with its selectors. */
  readonly path: string;
  /**
   * Told of all objects by `namespace/name`, after the first list and after
   * every change.
   */
  readonly onChange: (objects: ReadonlyMap<string, WatchedObject>) => void;
  /** Told once, of what ends the watch: a missing right, a wrong login. */
  readonly onError: (error: SlipwayError) => void;
  readonly signal?: AbortSignal;
  readonly deadlines?: Partial<WatchDeadlines>;
}

/** Milliseconds. */
export interface WatchDeadlines {
  /** How long the server lets one watch live; at least 1000. */
  readonly life: number;
  /** How long after that its silence is death. */
  readonly grace: number;
  /** Before a new try while the server is not there. */
  readonly pause: number;
}

export interface ObjectWatch {
  /** As they were last seen. */
  readonly objects: ReadonlyMap<string, WatchedObject>;
  close(): void;
}

const DEADLINES: WatchDeadlines = { life: 60_000, grace: 15_000, pause: 500 };
const PAGE = 500;

/**
 * Lists a collection, then follows it: what the server ends is taken up where
 * it was, what it has forgotten (410) is listed again, what is silent is
 * opened anew.
 * @returns when the first list is in
 * @throws as Cluster.request, of the first list
 */
export async function watchObjects(
  { connection }: { readonly connection: Connection },
  options: WatchObjects,
): Promise<ObjectWatch> {
  const end = new AbortController();
  const close = () => end.abort();
  options.signal?.addEventListener('abort', close, { once: true });
  const follower = new Follower(connection, options, end.signal);
  await follower.list();
  void follower.follow();
  return {
    get objects() {
      return follower.objects;
    },
    close() {
      options.signal?.removeEventListener('abort', close);
      end.abort();
    },
  };
}

interface ObjectList {
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly continue?: string;
  };
  readonly items?: readonly WatchedObject[];
}

class Follower {
  objects: ReadonlyMap<string, WatchedObject> = new Map();
  /** Where to go on. None: all must be listed again. */
  private version?: string;
  private readonly deadlines: WatchDeadlines;

  constructor(
    private readonly connection: Connection,
    private readonly options: WatchObjects,
    private readonly signal: AbortSignal,
  ) {
    this.deadlines = { ...DEADLINES, ...options.deadlines };
  }

  async list(): Promise<void> {
    const objects = new Map<string, WatchedObject>();
    let page: ObjectList = {};
    do {
      page = await this.page(page.metadata?.continue);
      for (const item of page.items ?? []) objects.set(keyOf(item), item);
    } while (page.metadata?.continue);
    this.version = page.metadata?.resourceVersion;
    this.set(objects);
  }

  /** Until it is closed, or cannot go on. */
  async follow(): Promise<void> {
    while (!this.signal.aborted) {
      try {
        if (this.version === undefined) await this.list();
        else await this.once(this.version);
      } catch (error) {
        if (this.signal.aborted) return;
        if (!isPassing(error)) {
          this.options.onError(error as SlipwayError);
          return;
        }
        await this.rest();
      }
    }
  }

  private async once(version: string): Promise<void> {
    const { life, grace } = this.deadlines;
    const query = new URLSearchParams({
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      timeoutSeconds: String(Math.ceil(life / 1000)),
    });
    const path = withQuery(this.options.path, query);
    const answer = await followStream(this.connection, {
      path,
      silence: life + grace,
      signal: this.signal,
      onEvent: (event) => this.take(event),
    });
    if (!answer) return;
    if (answer.status === 410) {
      this.version = undefined;
      return;
    }
    const request: KubeRequest = { method: 'GET', path };
    const error = answerError(this.connection.target, nameOf(request), answer);
    if (!isBusy(answer.status)) throw error;
    await this.rest();
  }

  private take({ type, object }: WatchEvent): void {
    if (type === 'ERROR') {
      // Expired, as a rule; whatever it is, a list tells how things stand.
      this.version = undefined;
      return;
    }
    const watched = object as WatchedObject;
    // After an error nothing of this stream may be taken up again.
    if (this.version !== undefined) {
      this.version = watched.metadata.resourceVersion;
    }
    if (type === 'BOOKMARK') return;
    const objects = new Map(this.objects);
    if (type === 'DELETED') objects.delete(keyOf(watched));
    else objects.set(keyOf(watched), watched);
    this.set(objects);
  }

  private set(objects: ReadonlyMap<string, WatchedObject>): void {
    this.objects = objects;
    if (!this.signal.aborted) this.options.onChange(objects);
  }

  private async page(next: string | undefined): Promise<ObjectList> {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (next) query.set('continue', next);
    const path = withQuery(this.options.path, query);
    const request: KubeRequest = { method: 'GET', path };
    const answer = await requestJson(this.connection, request);
    if (isSuccess(answer)) return answer.body as ObjectList;
    throw answerError(this.connection.target, nameOf(request), answer);
  }

  private async rest(): Promise<void> {
    const { signal } = this;
    await sleep(this.deadlines.pause, undefined, { signal }).catch(
      () => undefined,
    );
  }
}

function keyOf({ metadata: { namespace = '', name } }: WatchedObject): string {
  return `${namespace}/${name}`;
}

function withQuery(path: string, query: URLSearchParams): string {
  return `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`;
}

/** A server that is not there may be there again, as long as the run lasts. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof SlipwayError &&
    error.code === 'SLIPWAY_E_CLUSTER_UNREACHABLE'
  );
}

function isBusy(status: number): boolean {
  return status === 429 || status >= 500;
}
