import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LiveObject } from '../../live';

const LISTS: Readonly<Record<string, string>> = {
  '/apis/apps/v1': 'Deployment deployments',
  '/apis/batch/v1': 'Job jobs',
};

/** As much of an API server as a wait asks for: discovery, lists, watches. */
export class SmallApi {
  private readonly objects = new Map<string, Map<string, LiveObject>>();
  private readonly watching = new Map<string, Set<ServerResponse>>();
  private version = 1;
  /** Answers of its own for some paths. */
  readonly said = new Map<string, { status: number; body: unknown }>();

  readonly answer = ({ url = '' }: IncomingMessage, to: ServerResponse) => {
    const { pathname, searchParams } = new URL(url, 'http://api');
    const said = this.said.get(pathname);
    if (said) return json(to, said.body, said.status);
    const list = LISTS[pathname];
    if (list) {
      const [kind, name] = list.split(' ');
      return json(to, { resources: [{ kind, name, namespaced: true }] });
    }
    const metadata = { resourceVersion: `${this.version}` };
    if (!searchParams.has('watch')) {
      return json(to, { metadata, items: [...this.at(pathname).values()] });
    }
    to.writeHead(200).flushHeaders();
    const watchers = this.watching.get(pathname) ?? new Set();
    this.watching.set(pathname, watchers.add(to));
    to.on('close', () => watchers.delete(to));
  };

  /** @param path of its collection */
  put(path: string, object: LiveObject): void {
    const { name } = object.metadata;
    const type = this.at(path).has(name) ? 'MODIFIED' : 'ADDED';
    const stored = this.versioned(object);
    this.at(path).set(name, stored);
    this.tell(path, type, stored);
  }

  delete(path: string, object: LiveObject): void {
    this.at(path).delete(object.metadata.name);
    this.tell(path, 'DELETED', this.versioned(object));
  }

  /** Whether somebody watches that collection. */
  isWatched(path: string): boolean {
    return (this.watching.get(path)?.size ?? 0) > 0;
  }

  /** Ends all watches of a collection, as a server does every minute. */
  endWatches(path: string): void {
    for (const to of this.watching.get(path) ?? []) to.end();
  }

  private versioned(object: LiveObject): LiveObject {
    const resourceVersion = `${++this.version}`;
    return { ...object, metadata: { ...object.metadata, resourceVersion } };
  }

  private at(path: string): Map<string, LiveObject> {
    const found = this.objects.get(path) ?? new Map<string, LiveObject>();
    this.objects.set(path, found);
    return found;
  }

  private tell(path: string, type: string, object: LiveObject): void {
    const event = `${JSON.stringify({ type, object })}\n`;
    for (const to of this.watching.get(path) ?? []) to.write(event);
  }
}

function json(to: ServerResponse, body: unknown, status = 200): void {
  to.writeHead(status).end(JSON.stringify(body));
}
