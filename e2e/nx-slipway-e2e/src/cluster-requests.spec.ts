import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureSandbox,
  spareApiServer,
  type Sandbox,
  type SpareApiServer,
} from '@nx-slipway/sandbox';
import {
  openCluster,
  watchObjects,
  type Cluster,
  type ObjectWatch,
  type WatchedObject,
} from '../../../packages/nx-slipway/src/cluster';
import { recordingReporter } from '../../../packages/nx-slipway/src/testing/recording-reporter';
import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';
import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import { FaultyApi } from './support/faulty-api';
import { limitedUser } from './support/limited-user';
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
  /** Of one who may write ConfigMaps there, and nothing else. */
  let userToken: string;
  let spare: SpareApiServer;
  let faulty: FaultyApi;

  beforeAll(async () => {
    sandbox = await ensureSandbox();
    cluster = await openSandboxCluster(sandbox);
    token = await adminTokenOf(sandbox);
    faulty = await FaultyApi.start(cluster.server);
    // Of administrators it takes any number.
    spare = await spareApiServer([
      '--enable-priority-and-fairness=false',
      '--max-mutating-requests-inflight=1',
      '--max-requests-inflight=2',
    ]);
    await spare.start();
    await cluster.request({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { metadata: { name: NAMESPACE } },
    });
    userToken = await limitedUser(cluster, NAMESPACE, 'deployer', [
      {
        apiGroups: [''],
        resources: ['configmaps'],
        verbs: ['get', 'list', 'watch', 'create', 'patch'],
      },
    ]);
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

  it('of a user with a role outlast the restart too, though the server says at first that there is none', async () => {
    const restarted = await openClusterAt(spare.url, userToken);
    await write(restarted, 'f');
    await spare.stop();
    const statuses: Record<number, number> = {};
    let isUp = false;
    const writing = Promise.all(
      Array.from({ length: 8 }, async () => {
        do {
          const { status } = await write(restarted, 'f', `${Math.random()}`);
          statuses[status] = (statuses[status] ?? 0) + 1;
        } while (!isUp);
      }),
    );
    await spare.start();
    isUp = true;
    await writing;
    expect(Object.keys(statuses)).toEqual(['200']);
  });

  it('wait their turn at a server that takes one at a time', async () => {
    const admin = await openClusterAt(spare.url, token);
    const turnedAway = async () => {
      const metrics = (await admin.text('/metrics')) ?? '';
      const counts = metrics.match(
        /^apiserver_request_terminations_total\{code="429".*$/gm,
      );
      return (counts ?? []).reduce(
        (sum, line) => sum + Number(line.split(' ').at(-1)),
        0,
      );
    };
    const before = await turnedAway();
    const user = await openClusterAt(spare.url, userToken);
    const names = Array.from({ length: 16 }, (_, at) => `g${at}`);
    const answers = await Promise.all(names.map((name) => write(user, name)));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 201));
    expect(await turnedAway()).toBeGreaterThan(before);
  });

  it('name the right that a user has not', async () => {
    const user = await openClusterAt(cluster.server, userToken);
    const request = {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/default/deployments/a?fieldManager=test',
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: {} },
    } as const;
    const error = user.refusal(request, await user.request(request));
    expect(error.code).toBe('SLIPWAY_E_CLUSTER_REFUSED');
    expect(error.message).toContain(
      'you may not patch deployments.apps in the namespace default',
    );
    expect(error.hint).toContain(
      '{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch"] }',
    );
    const watching = watchObjects(user, {
      path: '/api/v1/nodes',
      onChange: () => undefined,
      onError: () => undefined,
    });
    expect((await errorOf(watching)).message).toContain(
      'you may not list nodes:',
    );
  });

  it('go from within a pod with the account that is mounted in it', async () => {
    const mounted = await mkdtemp(join(tmpdir(), 'slipway-account-'));
    const config = await readFile(sandbox.cluster?.kubeconfig ?? '', 'utf8');
    const { clusters } = JSON.parse(config) as {
      clusters: { cluster: Record<string, string> }[];
    };
    const { hostname, port } = new URL(cluster.server);
    const ca = clusters[0]?.cluster['certificate-authority-data'] ?? '';
    const files = {
      token: `${userToken}\n`,
      'ca.crt': Buffer.from(ca, 'base64'),
      namespace: NAMESPACE,
    };
    for (const [name, data] of Object.entries(files)) {
      await writeFile(join(mounted, name), data);
    }
    const inPod = await openCluster({
      namedInOption: false,
      allowContexts: ['in-cluster'],
      env: {
        KUBERNETES_SERVICE_HOST: hostname,
        KUBERNETES_SERVICE_PORT: port,
      },
      homedir: mounted,
      serviceAccount: mounted,
    });
    expect(inPod.namespace).toBe(NAMESPACE);
    expect((await write(inPod, 'h')).status).toBe(201);
    await rm(mounted, { recursive: true });
  });

  it('know all kinds but those of an API whose server is not there', async () => {
    const services = '/apis/apiregistration.k8s.io/v1/apiservices';
    const name = 'v1.away.slipway.test';
    await cluster.request({
      method: 'POST',
      path: services,
      body: {
        metadata: { name },
        spec: {
          ...{ group: 'away.slipway.test', version: 'v1' },
          ...{ groupPriorityMinimum: 100, versionPriority: 100 },
          insecureSkipTLSVerify: true,
          service: { name: 'away', namespace: NAMESPACE },
        },
      },
    });
    try {
      await untilAway();
      const [away, deployment] = await Promise.all([
        errorOf(cluster.resource('away.slipway.test/v1', 'Widget')),
        cluster.resource('apps/v1', 'Deployment'),
      ]);
      expect(away.code).toBe('SLIPWAY_E_API_AWAY');
      expect(away.hint).toContain(`kubectl describe apiservice ${name}`);
      expect(deployment?.plural).toBe('deployments');
    } finally {
      await cluster.request({ method: 'DELETE', path: `${services}/${name}` });
    }
  });

  /** The API server takes up an APIService a moment after it is written. */
  async function untilAway(): Promise<void> {
    const request = {
      method: 'GET',
      path: '/apis/away.slipway.test/v1',
    } as const;
    const end = Date.now() + 20_000;
    let status = 404;
    while (status === 404 && Date.now() < end) {
      ({ status } = await cluster.request(request));
    }
    expect(status).toBe(503);
  }

  describe('a watch', () => {
    const watches: ObjectWatch[] = [];
    afterEach(() => {
      for (const watch of watches.splice(0)) watch.close();
    });
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
      watches.push(watch);
      return { watch, errors };
    };
    const seen = (
      watch: Awaited<ReturnType<typeof open>>['watch'],
      wanted: object,
    ) =>
      eventually(Object.keys(wanted).join(), () => {
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
    });

    it('goes on after a restart of the API server', async () => {
      const restarted = await openClusterAt(spare.url, userToken);
      const { watch, errors } = await open(restarted);
      await spare.stop();
      await write(cluster, 'w3', 'meanwhile');
      await spare.start();
      await seen(watch, { w3: 'meanwhile' });
      expect(errors).toEqual([]);
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
      // With what some readers of lines take for the end of one.
      const text = 'ä\u2028\u2029\u0085\u007f'.repeat(30_000);
      await write(cluster, 'w6', text);
      await seen(watch, { w6: text });
    });

    it('tells once that it may not', async () => {
      const on = await openClusterAt(faulty.url, token);
      faulty.fault = ({ url = '' }, response) => {
        if (!url.includes('watch=1')) return false;
        response.writeHead(403).end('{"message":"configmaps is forbidden"}');
        return true;
      };
      const { errors } = await open(on);
      await eventually('the error', () => errors.length > 0);
      expect(errors).toEqual(['SLIPWAY_E_CLUSTER_REFUSED']);
    });
  });
});
