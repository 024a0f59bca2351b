import type { ApiResource } from '../../cluster';
import type { LiveObject } from '../live';
import { EVENTS, type Collection, type Watches } from '../watches';

/** What the watches have seen. */
export interface Seen {
  /** Of what was applied: whether what is there is known. */
  sees(resource: ApiResource, namespace: string | undefined): boolean;
  find(
    resource: ApiResource,
    namespace: string | undefined,
    name: string,
  ): LiveObject | undefined;
  /** Of what belongs to it: pods, events. */
  all(resource: ApiResource, namespace: string | undefined): LiveObject[];
}

const FAILED_CREATE = `fieldSelector=${encodeURIComponent('reason=FailedCreate')}`;

/** Where a wait finds things in watches. */
export class Views implements Seen {
  /** @param members by which query those are found that are applied; none: all */
  constructor(
    private readonly watches: Watches,
    private readonly members?: string,
  ) {}

  applied(resource: ApiResource, namespace?: string): Collection {
    return { resource, namespace, query: this.members };
  }

  related(resource: ApiResource, namespace?: string): Collection {
    const query = resource === EVENTS ? FAILED_CREATE : undefined;
    return { resource, namespace, query };
  }

  sees(resource: ApiResource, namespace?: string) {
    return this.watches.sees(this.applied(resource, namespace));
  }

  find(resource: ApiResource, namespace: string | undefined, name: string) {
    return this.watches.find(this.applied(resource, namespace), name);
  }

  all(resource: ApiResource, namespace?: string) {
    return this.watches.all(this.related(resource, namespace));
  }
}
