import {
  ensureSandbox,
  spareApiServer,
  type Sandbox,
  type SpareApiServer,
} from '@nx-slipway/sandbox';
import {
  watchObjects,
  type Cluster,
  type WatchedObject,
} from '../../../packages/nx-slipway/src/cluster';
import { recordingReporter } from '../../../packages/nx-slipway/src/testing/recording-reporter';
import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';
import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import { FaultyApi } from './support/faulty-api';
import {
  adminTokenOf,
  openClusterAt,
  openSandboxCluster,
} from './support/open-cluster';

const NAMESPACE = `e2e-cluster-requests-${process.pid}`;
const MAPS = `/api/v1/namespaces/${NAMESPACE}/configmaps`;

/** Writes a ConfigMap as deploys do. */
function write(cluster: Cluster, name: string, text = 'x') {
  return cluster.request({
    method: 'PATCH',
    path: `${MAPS}/${name}?fieldManager=test`,
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: { text },
    },
  });
}

const textsOf = (objects: ReadonlyMap<string, WatchedObject>) =>
  Object.fromEntries(
    [...objects.values()]
      .filter(({ metadata }) => metadata.name.startsWith('w'))
      .map(({ metadata, data }) => [
        metadata.name,
        (data as { text: string }).text,
      ]),
  );

describe('requests to a cluster', () => {
  let sandbox: Sandbox;
  let cluster: Cluster;
  let token: string;
  let spare: SpareApiServer;
  let faulty: FaultyApi;

  beforeAll(async () => {
    sandbox = await ensureSandbox();
    cluster = await openSandboxCluster(sandbox);
    token = await adminTokenOf(sandbox);
    faulty = await FaultyApi.start(cluster.server);
    spare = await spareApiServer();
    await spare.start();
    await cluster.request({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { metadata: { name: NAMESPACE } },
    });
  });
  afterEach(() => {
    faulty.fault = undefined;
  });
  afterAll(async () => {
    const path = `/api/v1/namespaces/${NAMESPACE}`;
    await cluster.request({ method: 'DELETE', path });
    await spare.stop();
    await faulty.stop();
  });

  it('outlast an API server that is restarted in the middle, and say so', async () => {
    const reporter = recordingReporter();
    const restarted = await openClusterAt(spare.url, token, { reporter });
    expect((await write(restarted, 'a')).status).toBe(201);
    await spare.stop();
    const writing = Promise.all(
      ['b', 'c'].map((name) => write(restarted, name)),
    );
    await eventually('the word', () => reporter.lines.length > 0);
    await spare.start();
    expect((await writing).map(({ status }) => status)).toEqual([201, 201]);
    expect(reporter.lines[0]).toMatch(
      /does not answer \(ECONN\w+\); trying on/,
    );
  });

  it('wait as long as a busy server asks for', async () => {
    const busy = await openClusterAt(faulty.url, token);
    let refused = 0;
    faulty.fault = (_request, response) => {
      if (refused++ > 1) return false;
      response.writeHead(429, { 'retry-after': '0' }).end('{}');
      return true;
    };
    expect((await write(busy, 'd')).status).toBe(201);
    expect(refused).toBe(3);
  });

  it('are sent again over a connection that breaks, but for what may not be', async () => {
    const broken = await openClusterAt(faulty.url, token);
    let breaks = 1;
    faulty.fault = (request) => {
      if (breaks-- < 1) return false;
      request.socket.destroy();
      return true;
    };
    expect((await write(broken, 'e')).status).toBe(201);
    breaks = 1;
    const post = broken.request({ method: 'POST', path: MAPS, body: {} });
    expect((await errorOf(post)).code).toBe('SLIPWAY_E_CLUSTER_UNREACHABLE');
  });

  it('name the right that a user has not', async () => {
    const user = await openSandboxCluster(sandbox);
    const impersonated = { method: 'GET' as const, path: '/api/v1/nodes' };
    const answer = {
      status: 403,
      body: {
        message:
          'nodes is forbidden: User "ann" cannot list resource "nodes" in API group "" at the cluster scope',
      },
    };
    expect(user.refusal(impersonated, answer).message).toContain(
      'you may not list nodes',
    );
  });

  describe('a watch', () => {
    const open = async (
      on: Cluster,
      deadlines = { life: 60_000, grace: 15_000, pause: 50 },
    ) => {
      const errors: string[] = [];
      const watch = await watchObjects(on, {
        path: MAPS,
        onChange: () => undefined,
        onError: ({ code }) => errors.push(code),
        deadlines,
      });
      return { watch, errors };
    };
    const seen = (
      watch: Awaited<ReturnType<typeof open>>['watch'],
      wanted: object,
    ) =>
      eventually(JSON.stringify(wanted), () => {
        const texts = textsOf(watch.objects);
        return Object.entries(wanted).every(
          ([key, text]) => texts[key] === text,
        );
      });

    it('tells of what is there, comes, changes and goes', async () => {
      await write(cluster, 'w1', 'one');
      const { watch } = await open(cluster);
      expect(textsOf(watch.objects)).toEqual({ w1: 'one' });
      await write(cluster, 'w1', 'two');
      await write(cluster, 'w2', 'new');
      await seen(watch, { w1: 'two', w2: 'new' });
      await cluster.request({ method: 'DELETE', path: `${MAPS}/w2` });
      await eventually('it gone', () => !('w2' in textsOf(watch.objects)));
      watch.close();
    });

    it('goes on after a restart of the API server', async () => {
      const restarted = await openClusterAt(spare.url, token);
      const { watch, errors } = await open(restarted);
      await spare.stop();
      await write(cluster, 'w3', 'meanwhile');
      await spare.start();
      await seen(watch, { w3: 'meanwhile' });
      expect(errors).toEqual([]);
      watch.close();
    });

    it('lists again what the server has forgotten', async () => {
      const on = await openClusterAt(faulty.url, token);
      let forgotten = 0;
      faulty.fault = ({ url = '' }, response) => {
        if (!url.includes('watch=1') || forgotten++ > 1) return false;
        // Once as an answer, once within the stream.
        const status = { kind: 'Status', code: 410, reason: 'Expired' };
        if (forgotten === 1) {
          response.writeHead(410).end(JSON.stringify(status));
        } else {
          response.end(
            `${JSON.stringify({ type: 'ERROR', object: status })}\n`,
          );
        }
        return true;
      };
      const { watch, errors } = await open(on);
      await write(cluster, 'w4', 'after');
      await seen(watch, { w4: 'after' });
      expect(errors).toEqual([]);
      watch.close();
    });

    it('opens a connection anew that has gone silent', async () => {
      const on = await openClusterAt(faulty.url, token);
      let silent = 0;
      faulty.fault = ({ url = '' }) =>
        url.includes('watch=1') && silent++ === 0;
      const { watch } = await open(on, { life: 1000, grace: 200, pause: 20 });
      await write(cluster, 'w5', 'unheard');
      await seen(watch, { w5: 'unheard' });
      expect(silent).toBeGreaterThan(1);
      watch.close();
    });

    it('is not torn by chunks, nor by a line that is cut off', async () => {
      const on = await openClusterAt(faulty.url, token);
      let cut = 0;
      faulty.fault = ({ url = '' }, response) => {
        if (!url.includes('watch=1') || cut++ > 0) return false;
        response.write('{"type":"ADDED","object":{"metadata":{"name":"w');
        response.end();
        return true;
      };
      const { watch } = await open(on);
      await write(cluster, 'w6', 'ä'.repeat(100_000));
      await seen(watch, { w6: 'ä'.repeat(100_000) });
      watch.close();
    });

    it('tells once that it may not', async () => {
      const on = await openClusterAt(faulty.url, token);
      faulty.fault = ({ url = '' }, response) => {
        if (!url.includes('watch=1')) return false;
        response.writeHead(403).end('{"message":"configmaps is forbidden"}');
        return true;
      };
      const { watch, errors } = await open(on);
      await eventually('the error', () => errors.length > 0);
      expect(errors).toEqual(['SLIPWAY_E_CLUSTER_REFUSED']);
      watch.close();
    });
  });
});
