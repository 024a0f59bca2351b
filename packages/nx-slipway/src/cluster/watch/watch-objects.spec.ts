import type { IncomingMessage, ServerResponse } from 'node:http';
import { useHttpServer } from '../../testing/http-server';
import { slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import type { SlipwayError } from '../../report';
import { kubeconfig } from '../testing/kubeconfig';
import { json, openIn } from '../testing/open-cluster';
import { watchObjects, type WatchObjects } from './watch-objects';

const folder = useTempFolder();
const server = useHttpServer();
const PATH = '/api/v1/pods?labelSelector=a';
const TOKEN = 'token-of-the-watch';

/** What answers lists, and watches. */
let list: (request: IncomingMessage, response: ServerResponse) => void;
let watch: (request: IncomingMessage, response: ServerResponse) => void;
let errors: SlipwayError[];
const end = { all: () => {} };

const pod = (name: string) => ({ metadata: { name, namespace: 'shop' } });
const page = (version: string, names: string[], next = '') => ({
  metadata: { resourceVersion: version, continue: next },
  items: names.map(pod),
});
const event = (type: string, name: string, version = '9') =>
  `${JSON.stringify({ type, object: { metadata: { ...pod(name).metadata, resourceVersion: version } } })}\n`;
const watches = () =>
  server.requests.filter((request) => request.includes('watch=1'));

beforeEach(() => {
  errors = [];
  list = (_request, response) => json(response, page('7', ['a']));
  watch = (_request, response) => response.writeHead(200).flushHeaders();
  server.answer = (request, response) => {
    const isWatch = request.url?.includes('watch=1');
    (isWatch ? watch : list)(request, response);
  };
});
afterEach(() => end.all());

async function open(options: Partial<WatchObjects> = {}) {
  const user = { token: TOKEN };
  await folder.write({
    config: kubeconfig({ server: `http://${server.host}`, user }),
  });
  const cluster = await openIn(folder);
  const opened = await watchObjects(cluster, {
    path: PATH,
    onChange: () => undefined,
    onError: (error) => errors.push(error),
    deadlines: { life: 60_000, grace: 15_000, pause: 20 },
    ...options,
  });
  end.all = () => opened.close();
  return { opened, names: () => [...opened.objects.keys()].sort() };
}

describe('a watch', () => {
  it('follows from where its list was, with bookmarks and an end', async () => {
    const { names } = await open();
    await eventually('the watch', () => watches().length > 0);
    expect(names()).toEqual(['shop/a']);
    expect(server.requests[0]).toBe(`GET ${PATH}&limit=500`);
    const [asked = ''] = watches();
    const query = new URL(asked.slice(4), 'http://x').searchParams;
    expect(query.get('resourceVersion')).toBe('7');
    expect(query.get('allowWatchBookmarks')).toBe('true');
    const seconds = Number(query.get('timeoutSeconds'));
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThanOrEqual(90);
  });

  it('goes on from its last event, or from a bookmark after it', async () => {
    const sent = [event('ADDED', 'b', '8'), event('BOOKMARK', 'x', '55')];
    watch = (_request, response) => response.end(sent.shift());
    const { names } = await open();
    await eventually('the third watch', () => watches()[2]);
    expect(watches()[1]).toContain('resourceVersion=8');
    expect(watches()[2]).toContain('resourceVersion=55');
    expect(names()).toEqual(['shop/a', 'shop/b']);
  });

  it('lists all pages, and all at once when the next has expired', async () => {
    const pages = [
      page('7', ['old'], 'next'),
      undefined,
      page('8', ['a', 'b']),
    ];
    list = (_request, response) => {
      const next = pages.shift();
      json(response, next ?? { code: 410 }, next ? 200 : 410);
    };
    const { names } = await open();
    expect(names()).toEqual(['shop/a', 'shop/b']);
    expect(server.requests.slice(0, 3)).toEqual([
      `GET ${PATH}&limit=500`,
      `GET ${PATH}&limit=500&continue=next`,
      `GET ${PATH}`,
    ]);
  });

  it('takes what comes before an error, and nothing after it', async () => {
    const error = '{"type":"ERROR","object":{"code":410}}\n';
    let first = true;
    watch = (_request, response) => {
      response.writeHead(200).flushHeaders();
      // And the connection stays open.
      if (first)
        response.write(event('ADDED', 'b') + error + event('ADDED', 'c'));
      first = false;
    };
    let seen: string[] = [];
    let lists = 0;
    list = (_request, response) => json(response, page(`${++lists}`, ['a']));
    await open({
      onChange: (objects) => (seen = [...seen, [...objects.keys()].join()]),
    });
    await eventually('the next list', () => lists === 2);
    await eventually('the next watch', () => watches()[1]);
    expect(seen).toEqual(['shop/a', 'shop/a,shop/b', 'shop/a']);
    expect(watches()[1]).toContain('resourceVersion=2');
  });

  it('outlasts a list that fails when all is to be listed again', async () => {
    let lists = 0;
    watch = (_request, response) =>
      json(response, { code: 410 }, lists > 4 ? 200 : 410);
    list = (_request, response) => {
      lists++;
      json(response, page('7', ['a']), lists > 1 && lists < 5 ? 500 : 200);
    };
    await open();
    await eventually('a list that goes well', () => lists > 4);
    expect(errors).toEqual([]);
  });

  it('names the right that is missing, and not what was sent', async () => {
    watch = (request, response) => {
      const message = `pods is forbidden: User "ann" cannot watch resource "pods" in API group "" in the namespace "shop" (${request.headers.authorization})`;
      json(response, { message }, 403);
    };
    await open();
    const error = await eventually('the error', () => errors[0]);
    expect(error).toEqual(
      slipwayError(
        'SLIPWAY_E_CLUSTER_REFUSED',
        /you may not watch pods in the namespace shop/,
      ),
    );
    expect(error.message).toContain('Bearer ***');
    expect(error.message).not.toContain(TOKEN);
    expect(watches()).toHaveLength(1);
  });

  it('believes a server that has just started only after a while', async () => {
    let refusals = 3;
    watch = (_request, response) => {
      if (refusals-- > 0) json(response, { message: 'forbidden' }, 403);
      else response.write(event('ADDED', 'b'));
    };
    const answer = watch;
    watch = (request, response) => {
      watch = answer;
      request.socket.destroy();
      response.destroy();
    };
    const { names } = await open();
    await eventually('the event', () => names().includes('shop/b'));
    expect(errors).toEqual([]);
  });

  it('does not ask without a rest what ends at once', async () => {
    const asked: number[] = [];
    watch = (_request, response) => {
      asked.push(performance.now());
      response.end();
    };
    await open({ deadlines: { pause: 100 } });
    await eventually('four', () => asked.length >= 4);
    const rests = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    // A timer may be a millisecond early.
    expect(Math.min(...rests)).toBeGreaterThan(98);
  });

  it('asks no more once it is closed, by itself or by the signal', async () => {
    for (const by of ['close', 'signal'] as const) {
      const abort = new AbortController();
      let isClosed = false;
      watch = (_request, response) => {
        response.writeHead(200).flushHeaders();
        response.on('close', () => (isClosed = true));
      };
      const before = watches().length;
      const { opened } = await open({ signal: abort.signal });
      await eventually('the watch', () => watches().length > before);
      if (by === 'close') opened.close();
      else abort.abort();
      await eventually('its end', () => isClosed);
      expect(watches()).toHaveLength(before + 1);
    }
    expect(errors).toEqual([]);
  });

  it('is none when it is cancelled before, or its first list is refused', async () => {
    const signal = AbortSignal.abort();
    await expect(open({ signal })).rejects.toEqual(
      slipwayError('SLIPWAY_E_CANCELLED'),
    );
    expect(server.requests).toEqual([]);
    list = (_request, response) => json(response, { message: 'gone' }, 404);
    await expect(open()).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_FAILED', /GET \/api\/v1\/pods: gone/),
    );
    expect(watches()).toEqual([]);
  });
});
