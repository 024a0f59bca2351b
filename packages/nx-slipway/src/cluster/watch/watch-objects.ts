import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, type SlipwayError } from '../../report';
import { answerError } from '../cluster-errors';
import { requestJson, type Connection } from '../connection';
import { nameOf } from '../request';
import { listObjects, withQuery, type Refused } from './list-objects';
import { followStream } from './stream';
import type { WatchEvent } from './watch-event';
import { keyOf, type WatchedObject } from './watched-object';

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
  /** How long the server lets one watch live, or half as long again; at least 1000. */
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

/**
 * Lists a collection, then follows it: what the server ends is taken up where
 * it was, what it has forgotten (410) is listed again, what is silent is
 * opened anew, for as long as it is not closed.
 * @returns when the first list is in
 * @throws as Cluster.request, of the first list
 */
export async function watchObjects(
  { connection }: { readonly connection: Connection },
  options: WatchObjects,
): Promise<ObjectWatch> {
  const end = new AbortController();
  const signals = [end, options, connection].flatMap(
    ({ signal }) => signal ?? [],
  );
  const signal = AbortSignal.any(signals);
  const follower = new Follower({ ...connection, signal }, options, signal);
  await follower.start();
  return {
    get objects() {
      return follower.objects;
    },
    close: () => end.abort(),
  };
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

  async start(): Promise<void> {
    const refused = await this.list();
    if (refused) throw this.errorOf(refused);
    void this.follow();
  }

  /** Until it is closed, or cannot go on. */
  private async follow(): Promise<void> {
    while (!this.signal.aborted) {
      try {
        const { version } = this;
        const start = performance.now();
        const refused = await (version === undefined
          ? this.list()
          : this.watch(version));
        if (refused && !this.mayPass(refused)) throw this.errorOf(refused);
        // What ends at once would end at once again, a thousand times a second.
        const wasShort = performance.now() - start < this.deadlines.pause;
        const isWatch = version !== undefined;
        if (refused || (isWatch && wasShort)) await this.rest();
      } catch (error) {
        if (this.signal.aborted) return;
        if (!isSilence(error)) {
          this.options.onError(error as SlipwayError);
          return;
        }
        this.connection.health.noteSilence();
        await this.rest();
      }
    }
  }

  private async list(): Promise<Refused | undefined> {
    const found = await listObjects(
      { request: (request) => requestJson(this.connection, request) },
      this.options.path,
    );
    if ('answer' in found) return found;
    this.version = found.version;
    this.set(found.objects);
    return undefined;
  }

  private async watch(version: string): Promise<Refused | undefined> {
    const { life, grace } = this.deadlines;
    // Not all watches of a run at the same moment.
    const seconds = Math.ceil((life * (1 + Math.random() / 2)) / 1000);
    const query = new URLSearchParams({
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      timeoutSeconds: String(seconds),
    });
    const path = withQuery(this.options.path, query);
    const answer = await followStream(this.connection, {
      path,
      silence: seconds * 1000 + grace,
      signal: this.signal,
      onEvent: (event) => this.take(event),
    });
    if (answer?.status === 410) this.version = undefined;
    else if (answer) return { request: { method: 'GET', path }, answer };
    return undefined;
  }

  private take(event: WatchEvent): void {
    if (event.type === 'ERROR') {
      // Expired, as a rule; whatever it is, a list tells how things stand.
      this.version = undefined;
      return;
    }
    const { type, object } = event;
    // After an error nothing of this stream may be taken up again.
    if (this.version === undefined) return;
    this.version = object.metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    const objects = new Map(this.objects);
    if (type === 'DELETED') objects.delete(keyOf(object));
    else objects.set(keyOf(object), object);
    this.set(objects);
  }

  private set(objects: ReadonlyMap<string, WatchedObject>): void {
    this.objects = objects;
    if (!this.signal.aborted) this.options.onChange(objects);
  }

  /** A server that is busy, or has just started, will be neither later. */
  private mayPass({ answer: { status } }: Refused): boolean {
    const { isSettling } = this.connection.health;
    return status === 429 || status >= 500 || (status === 403 && isSettling);
  }

  private errorOf({ request, answer }: Refused): SlipwayError {
    return answerError(this.connection.target, nameOf(request), answer);
  }

  private async rest(): Promise<void> {
    const { signal } = this;
    await sleep(this.deadlines.pause, undefined, { signal }).catch(
      () => undefined,
    );
  }
}

/** A server that is not there may be there again, as long as the run lasts. */
function isSilence(error: unknown): boolean {
  return hasCode(error, 'SLIPWAY_E_CLUSTER_UNREACHABLE');
}
