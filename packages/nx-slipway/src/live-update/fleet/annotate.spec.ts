import type { IncomingMessage } from 'node:http';
import { json, useCluster } from '../../cluster/testing/open-cluster';
import { useHttpServer } from '../../testing/http-server';
import { errorOf } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { annotatePod, readPod } from './annotate';

const folder = useTempFolder();
const server = useHttpServer();
const { open } = useCluster(folder, server);

const POD = '/api/v1/namespaces/shop/pods/web-1';
const pod = { metadata: { name: 'web-1', namespace: 'shop', uid: 'uid-1' } };

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

describe('a pod that takes a live update', () => {
  it('is annotated, and no other of its name', async () => {
    let sent: unknown;
    let type: string | undefined;
    server.answer = (request, response) => {
      type = request.headers['content-type'];
      void bodyOf(request).then((body) => {
        sent = body;
        json(response, {});
      });
    };
    await annotatePod(await open(), pod, 'me-1234');
    expect(server.requests).toEqual([
      `PATCH ${POD}?fieldManager=nx-slipway-live-update`,
    ]);
    expect(type).toBe('application/merge-patch+json');
    expect(sent).toEqual({
      metadata: {
        uid: 'uid-1',
        annotations: { 'nx-slipway.dev/live-update': 'me-1234' },
      },
    });
  });

  it.each([404, 409])('may be gone: %s', async (status) => {
    server.answer = (_request, response) => json(response, {}, status);
    await annotatePod(await open(), pod, 'me-1234');
  });

  it('may be one that one may not annotate', async () => {
    const message =
      'pods "web-1" is forbidden: User "dev" cannot patch resource "pods" in API group "" in the namespace "shop"';
    server.answer = (_request, response) => json(response, { message }, 403);
    const error = await errorOf(annotatePod(await open(), pod, 'me-1234'));
    expect(error.code).toBe('SLIPWAY_E_CLUSTER_REFUSED');
    expect(error.message).toContain('you may not patch pods in the namespace');
  });

  it('is asked for as it is now', async () => {
    const place = { namespace: 'shop', pod: 'web-1', container: 'web' };
    let status = 200;
    server.answer = (_request, response) => json(response, pod, status);
    const cluster = await open();
    expect(await readPod(cluster, place)).toEqual(pod);
    status = 404;
    expect(await readPod(cluster, place)).toBeUndefined();
    expect(server.requests).toEqual([`GET ${POD}`, `GET ${POD}`]);
  });
});
