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
  readonly onChange: () => void;
  /** Of what every user must be let: none of a missing right. */
  readonly onError: (error: Error) => void;
}

/** Collections that are followed, each once. */
export class Watches {
  private readonly open = new Map<string, Promise<void>>();
  private readonly known = new Map<string, ObjectWatch>();
  private isClosed = false;

  constructor(private readonly parts: WatchesParts) {}

  /**
   * Resolves when the collection has been listed, or it is known that the user
   * may not read it, which is told once.
   * @param fieldSelector the same for all that follow this collection
   */
  follow(
    resource: ApiResource,
    namespace: string | undefined,
    fieldSelector?: string,
  ): Promise<void> {
    const place = resourcePath(resource, { namespace });
    const query = fieldSelector
      ? `?fieldSelector=${encodeURIComponent(fieldSelector)}`
      : '';
    const opening = this.open.get(place) ?? this.start(place, query);
    this.open.set(place, opening);
    return opening;
  }

  /** Whether what is there is known. */
  sees(resource: ApiResource, namespace: string | undefined): boolean {
    return this.known.has(resourcePath(resource, { namespace }));
  }

  find(
    resource: ApiResource,
    namespace: string | undefined,
    name: string,
  ): LiveObject | undefined {
    const watch = this.known.get(resourcePath(resource, { namespace }));
    const object = watch?.objects.get(`${namespace ?? ''}/${name}`);
    return object && typed(object, resource);
  }

  all(resource: ApiResource, namespace: string | undefined): LiveObject[] {
    const watch = this.known.get(resourcePath(resource, { namespace }));
    return [...(watch?.objects.values() ?? [])].map((object) =>
      typed(object, resource),
    );
  }

  close(): void {
    this.isClosed = true;
    for (const watch of this.known.values()) watch.close();
  }

  private async start(place: string, query: string): Promise<void> {
    const { cluster, signal, onChange } = this.parts;
    const path = `${place}${query}`;
    // The user may list, and not watch.
    const onError = (error: SlipwayError) =>
      void this.poll(place, path, error).catch(this.parts.onError);
    try {
      const options = { path, signal, onChange, onError };
      this.replace(place, await watchObjects(cluster, options));
    } catch (error) {
      await this.poll(place, path, error);
    }
  }

  /** @throws what was refused for another reason than a missing right */
  private async poll(
    place: string,
    path: string,
    refused: unknown,
  ): Promise<void> {
    if (!hasCode(refused, 'SLIPWAY_E_CLUSTER_REFUSED')) throw refused;
    const { reporter } = this.parts;
    const polled = await pollObjects(path, this.parts);
    this.replace(place, polled);
    const how = polled
      ? 'looked at every two seconds, since it may not be watched'
      : 'not watched, so less is known of what becomes ready';
    reporter.info(`${how}: ${refused.message}`);
    this.parts.onChange();
  }

  private replace(place: string, watch: ObjectWatch | undefined): void {
    this.known.get(place)?.close();
    this.known.delete(place);
    if (!watch) return;
    if (this.isClosed) watch.close();
    else this.known.set(place, watch);
  }
}

/** The items of a list do not say what they are. */
function typed(object: WatchedObject, resource: ApiResource): LiveObject {
  const apiVersion = apiVersionOf(resource);
  return { ...object, apiVersion, kind: resource.kind };
}
