import {
  resourcePath,
  watchObjects,
  type ApiResource,
  type Cluster,
  type ObjectWatch,
  type WatchedObject,
} from '../../cluster';
import { SlipwayError, type Reporter } from '../../report';
import type { LiveObject } from '../live';

export interface WatchesParts {
  readonly cluster: Cluster;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly onChange: () => void;
  /** Of what every user must be let: none of a missing right. */
  readonly onError: (error: SlipwayError) => void;
}

/** Collections that are followed, each once. */
export class Watches {
  private readonly open = new Map<string, Promise<ObjectWatch | undefined>>();
  private readonly known = new Map<string, ObjectWatch>();
  private isClosed = false;

  constructor(private readonly parts: WatchesParts) {}

  /**
   * Resolves when the collection has been listed; false: the user may not read
   * it, which is told once.
   */
  async follow(
    resource: ApiResource,
    namespace: string | undefined,
  ): Promise<boolean> {
    const path = resourcePath(resource, { namespace });
    const opening = this.open.get(path) ?? this.start(path);
    this.open.set(path, opening);
    return (await opening) !== undefined;
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

  private async start(path: string): Promise<ObjectWatch | undefined> {
    const { cluster, reporter, signal, onChange, onError } = this.parts;
    try {
      const watch = await watchObjects(cluster, {
        path,
        signal,
        onChange,
        onError: (error) => {
          if (isForbidden(error)) reporter.info(skipped(error));
          else onError(error);
        },
      });
      if (this.isClosed) watch.close();
      else this.known.set(path, watch);
      return watch;
    } catch (error) {
      if (!isForbidden(error)) throw error;
      reporter.info(skipped(error));
      return undefined;
    }
  }
}

/** The items of a list do not say what they are. */
function typed(
  object: WatchedObject,
  { group, version, kind }: ApiResource,
): LiveObject {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { ...object, apiVersion, kind };
}

function isForbidden(error: unknown): error is SlipwayError {
  return (
    error instanceof SlipwayError && error.code === 'SLIPWAY_E_CLUSTER_REFUSED'
  );
}

function skipped({ message }: SlipwayError): string {
  return `not watched, so less is known of what becomes ready: ${message}`;
}
