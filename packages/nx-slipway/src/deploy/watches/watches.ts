import {
  resourcePath,
  watchObjects,
  type ApiResource,
  type Cluster,
  type ObjectWatch,
  type WatchedObject,
} from '../../cluster';
import { hasCode, type Reporter, type SlipwayError } from '../../report';
import type { LiveObject } from '../live';
import { apiVersionOf } from '../object-name';
import { pollObjects } from './poll';
import type { Timers } from './timers';

export interface WatchesParts {
  readonly cluster: Cluster;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly timers: Timers;
}

/** Objects of one kind, in one place. */
export interface Collection {
  readonly resource: ApiResource;
  /** None: of all namespaces, or of none. */
  readonly namespace?: string;
  /** Its selectors, `labelSelector=...`. None: all objects. */
  readonly query?: string;
}

export interface WatchListener {
  readonly onChange: () => void;
  /** Told of what ends a watch for good: no missing right, of which we make do. */
  readonly onFault: (error: Error) => void;
}

/** Collections that are followed, each once. */
export class Watches {
  private readonly open = new Map<string, Promise<void>>();
  private readonly known = new Map<string, ObjectWatch>();
  private readonly listeners = new Set<WatchListener>();
  private isClosed = false;

  constructor(private readonly parts: WatchesParts) {}

  /** @returns what ends it */
  listen(listener: WatchListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Resolves when the collection has been listed, or it is known that the user
   * may not read it, which is told once. What has ended is opened anew.
   */
  follow(collection: Collection): Promise<void> {
    const path = pathOf(collection);
    const opening = this.open.get(path) ?? this.start(path);
    this.open.set(path, opening);
    return opening;
  }

  /** Whether what is there is known. */
  sees(collection: Collection): boolean {
    return this.known.has(pathOf(collection));
  }

  find(collection: Collection, name: string): LiveObject | undefined {
    const { resource, namespace = '' } = collection;
    const watch = this.known.get(pathOf(collection));
    const object = watch?.objects.get(`${namespace}/${name}`);
    return object && typed(object, resource);
  }

  all(collection: Collection): LiveObject[] {
    const watch = this.known.get(pathOf(collection));
    return [...(watch?.objects.values() ?? [])].map((object) =>
      typed(object, collection.resource),
    );
  }

  close(): void {
    this.isClosed = true;
    this.listeners.clear();
    for (const watch of this.known.values()) watch.close();
  }

  private async start(path: string): Promise<void> {
    const { cluster, signal } = this.parts;
    // The user may list, and not watch.
    const onError = (error: SlipwayError) =>
      void this.poll(path, error).catch((fault: Error) =>
        this.end(path, fault),
      );
    try {
      const onChange = () => this.tell();
      const options = { path, signal, onChange, onError };
      this.replace(path, await watchObjects(cluster, options));
    } catch (error) {
      await this.poll(path, error).catch((fault: unknown) => {
        this.open.delete(path);
        throw fault;
      });
    }
  }

  /** @throws what was refused for another reason than a missing right */
  private async poll(path: string, refused: unknown): Promise<void> {
    if (!hasCode(refused, 'SLIPWAY_E_CLUSTER_REFUSED')) throw refused;
    const { reporter } = this.parts;
    const polled = await pollObjects(path, {
      ...this.parts,
      onChange: () => this.tell(),
      onError: (error) => this.end(path, error),
    });
    this.replace(path, polled);
    const how = polled
      ? 'looked at every two seconds, since it may not be watched'
      : 'not watched, so less is known of what becomes ready';
    reporter.info(`${how}: ${refused.message}`);
    this.tell();
  }

  private end(path: string, fault: Error): void {
    this.replace(path, undefined);
    this.open.delete(path);
    for (const { onFault } of this.listeners) onFault(fault);
  }

  private tell(): void {
    for (const { onChange } of this.listeners) onChange();
  }

  private replace(path: string, watch: ObjectWatch | undefined): void {
    this.known.get(path)?.close();
    this.known.delete(path);
    if (!watch) return;
    if (this.isClosed) watch.close();
    else this.known.set(path, watch);
  }
}

/** The same for two collections only if they are one. */
export function pathOf({ resource, namespace, query }: Collection): string {
  const path = resourcePath(resource, { namespace });
  return query === undefined ? path : `${path}?${query}`;
}

/** The items of a list do not say what they are. */
function typed(object: WatchedObject, resource: ApiResource): LiveObject {
  const apiVersion = apiVersionOf(resource);
  return { ...object, apiVersion, kind: resource.kind };
}
