import type { ServerResponse } from 'node:http';
import { useHttpServer } from '../testing/http-server';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { resourcePath } from './resource-path';
import { kubeconfig } from './testing/kubeconfig';
import { json, useCluster } from './testing/open-cluster';

const folder = useTempFolder();
const server = useHttpServer();
const PATH = '/api/v1/namespaces/shop/configmaps/a';

const { open, answerWith } = useCluster(folder, server);

describe('a request to a cluster', () => {
  it('carries a body of its type, and gives every status back', async () => {
    let seen: unknown;
    server.answer = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, headers } = request;
        const body = Buffer.concat(chunks).toString();
        seen = [method, headers['content-type'], body];
        json(response, { reason: 'Conflict' }, 409);
      });
    };
    const contentType = 'application/apply-patch+yaml';
    const answer = await (
      await open()
    ).request({ method: 'PATCH', path: PATH, body: { a: 'ä' }, contentType });
    expect(answer).toEqual({ status: 409, body: { reason: 'Conflict' } });
    expect(seen).toEqual(['PATCH', contentType, '{"a":"ä"}']);
  });

  it.each([
    ['GET', [429, 500, 200], 3],
    ['PATCH', [503, 502, 200], 3],
    ['DELETE', [504, 200], 2],
    ['PATCH', [500], 1],
    ['POST', [503], 1],
    ['POST', [429, 200], 2],
  ] as const)(
    'of %s that meets %j is sent %i times',
    async (method, statuses, sent) => {
      answerWith(...statuses);
      const { status } = await (await open()).request({ method, path: PATH });
      expect(status).toBe(statuses.at(-1));
      expect(server.requests).toHaveLength(sent);
    },
  );

  it('that writes has longer than one that reads: webhooks may be asked', async () => {
    server.answer = (_request, response) => {
      setTimeout(() => json(response, {}), 200);
    };
    const cluster = await open({ deadlines: { request: 50, write: 5000 } });
    const { status } = await cluster.request({ method: 'PATCH', path: PATH });
    expect(status).toBe(200);
    await expect(
      cluster.request({ method: 'GET', path: PATH }),
    ).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_UNREACHABLE', /no answer in 0\.05 s/),
    );
  });

  it('that must let go of something is sent after a cancel, and again', async () => {
    const end = new AbortController();
    const cluster = await open({ signal: end.signal });
    end.abort();
    answerWith(503);
    const release = { method: 'DELETE', path: PATH } as const;
    await expect(cluster.request(release)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CANCELLED'),
    );
    const answer = await cluster.request({ ...release, afterCancel: true });
    expect(answer.status).toBe(200);
  });

  it('is one of sixteen at a time, over connections that are kept', async () => {
    const sockets = new Set<unknown>();
    const held: ServerResponse[] = [];
    server.answer = ({ socket }, response) => {
      sockets.add(socket);
      held.push(response);
    };
    const cluster = await open();
    const ask = () => cluster.request({ method: 'GET', path: PATH });
    const asking = Promise.all(Array.from({ length: 100 }, ask));
    await eventually('sixteen', () => held.length === 16);
    answerWith();
    for (const response of held) json(response, {});
    await asking;
    expect(held).toHaveLength(16);
    expect(sockets.size).toBe(16);
    expect(server.requests).toHaveLength(100);
  });

  it('tells of JSON that is none only where it must be', async () => {
    server.answer = (_request, response) =>
      response.writeHead(502).end('<html>bad gateway</html>');
    const cluster = await open();
    expect(await cluster.request({ method: 'POST', path: PATH })).toEqual({
      status: 502,
      body: { message: '<html>bad gateway</html>' },
    });
    server.answer = (_request, response) => response.end('<html>');
    await expect(
      cluster.request({ method: 'GET', path: PATH }),
    ).rejects.toEqual(slipwayError('SLIPWAY_E_CLUSTER_FAILED', /no JSON/));
  });

  it('takes the current context as it was when it was opened', async () => {
    const current = (name: string) =>
      folder.write({
        config: JSON.stringify({
          ...(JSON.parse(
            kubeconfig({ server: `http://${server.host}`, user: {} }),
          ) as object),
          'current-context': name,
        }),
      });
    await current('kind-test');
    answerWith();
    const cluster = await open({ context: undefined, namedInOption: false });
    await current('poisoned');
    await cluster.request({ method: 'GET', path: PATH });
    expect(cluster.context).toBe('kind-test');
    expect(server.requests).toEqual([`GET ${PATH}`]);
    await expect(open({ context: undefined })).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /no context "poisoned"/),
    );
  });

  it('needs a context that is named, or a current one', async () => {
    const text = kubeconfig({ server: `http://${server.host}`, user: {} });
    const config = { ...(JSON.parse(text) as object), 'current-context': '' };
    await folder.write({ config: JSON.stringify(config) });
    await expect(open({ context: undefined })).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /no context is named/),
    );
  });
});

describe('the kinds of a cluster', () => {
  const resources = [
    { name: 'deployments', kind: 'Deployment', namespaced: true },
    { name: 'deployments/scale', kind: 'Scale', namespaced: true },
  ];
  it('are asked for by group version, once for all who ask', async () => {
    server.answer = (_request, response) => json(response, { resources });
    const cluster = await open();
    const found = await Promise.all(
      ['Deployment', 'Deployment', 'Scale'].map((kind) =>
        cluster.resource('apps/v1', kind),
      ),
    );
    expect(found).toEqual([
      {
        group: 'apps',
        version: 'v1',
        kind: 'Deployment',
        plural: 'deployments',
        namespaced: true,
      },
      found[0],
      undefined,
    ]);
    expect(server.requests).toEqual(['GET /apis/apps/v1']);
    cluster.forget();
    await cluster.resource('apps/v1', 'Deployment');
    expect(server.requests).toHaveLength(2);
  });

  it('are asked for again if there were none, for they may come', async () => {
    answerWith(404);
    const cluster = await open();
    expect(await cluster.resource('acme.dev/v1', 'Widget')).toBeUndefined();
    server.answer = (_request, response) =>
      json(response, {
        resources: [{ name: 'widgets', kind: 'Widget', namespaced: false }],
      });
    const widget = await cluster.resource('acme.dev/v1', 'Widget');
    expect(widget?.plural).toBe('widgets');
  });
});

it.each([
  [
    { group: '', plural: 'pods' },
    { namespace: 'a' },
    '/api/v1/namespaces/a/pods',
  ],
  [
    { group: 'apps', plural: 'deployments' },
    { namespace: 'a', name: 'b', subresource: 'scale' },
    '/apis/apps/v1/namespaces/a/deployments/b/scale',
  ],
  [{ group: 'apps', plural: 'deployments' }, {}, '/apis/apps/v1/deployments'],
  [
    { group: '', plural: 'namespaces', namespaced: false },
    { namespace: 'x', name: 'a/b' },
    '/api/v1/namespaces/a%2Fb',
  ],
])('%j at %j is %s', (parts, place, path) => {
  const resource = { version: 'v1', kind: 'X', namespaced: true, ...parts };
  expect(resourcePath(resource, place)).toBe(path);
});
