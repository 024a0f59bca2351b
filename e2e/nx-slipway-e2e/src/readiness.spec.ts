import {
  ensureSandbox,
  spareApiServer,
  type Sandbox,
} from '@nx-slipway/sandbox';
import {
  resourcePath,
  type Cluster,
} from '../../../packages/nx-slipway/src/cluster';
import { openReadiness } from '../../../packages/nx-slipway/src/deploy/readiness';
import type { KubeObject } from '../../../packages/nx-slipway/src/manifest';
import {
  recordingReporter,
  type RecordingReporter,
} from '../../../packages/nx-slipway/src/testing/recording-reporter';
import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';
import { TestNamespace } from './support/cluster';
import { definitionOf } from './support/custom-kind';
import { FaultyApi } from './support/faulty-api';
import {
  adminTokenOf,
  openClusterAt,
  openSandboxCluster,
} from './support/open-cluster';

const NAMESPACE = `e2e-readiness-${process.pid}`;
/** Milliseconds: of what is to become ready on a busy machine. */
const LONG = 120_000;

describe('readiness', () => {
  let sandbox: Sandbox;
  let cluster: Cluster;
  let namespace: TestNamespace;
  let image: string;
  /** What takes its time, begun before all else. */
  let slow: {
    readonly quota: Promise<string>;
    readonly database: ReturnType<typeof ready>;
  };

  beforeAll(async () => {
    sandbox = await ensureSandbox();
    cluster = await openSandboxCluster(sandbox);
    image = `${sandbox.registry.hostFromCluster}/busybox:1.35`;
    namespace = await TestNamespace.create(sandbox, NAMESPACE);
    // The account that pods need is made a moment after their namespace.
    await namespace.kubectl('wait', '--for=create', 'serviceaccount/default');
    slow = { quota: withoutRoom(), database: withDatabase() };
    // Each is told in its own test.
    for (const each of Object.values(slow)) each.catch(() => undefined);
  });
  afterAll(() => namespace.remove());

  const pod = (container: object = {}, spec: object = {}) => ({
    terminationGracePeriodSeconds: 0,
    ...spec,
    containers: [
      { name: 'main', image, command: ['sleep', '3600'], ...container },
    ],
  });

  const workload = (
    kind: string,
    name: string,
    podSpec: object = pod(),
    spec: object = {},
  ): KubeObject => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec },
      ...(kind === 'StatefulSet' && { serviceName: name }),
      ...spec,
    },
  });

  const job = (
    name: string,
    command: string[],
    spec: object = {},
  ): KubeObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      backoffLimit: 0,
      template: { spec: pod({ command }, { restartPolicy: 'Never' }) },
      ...spec,
    },
  });

  /** Applies objects and waits for them, as a deploy does. */
  async function ready(
    objects: readonly KubeObject[],
    timeout = LONG,
    on = cluster,
    reporter: RecordingReporter = recordingReporter(),
    signal = new AbortController().signal,
  ) {
    const readiness = await openReadiness(objects, {
      cluster: on,
      reporter,
      now: () => performance.now(),
      signal,
      holder: 'test',
    });
    try {
      for (const object of objects) {
        readiness.expect(await apply(object));
      }
      const report = await readiness.wait(timeout);
      return report.objects;
    } finally {
      readiness.close();
    }
  }

  async function apply(object: KubeObject): Promise<KubeObject> {
    const { apiVersion, kind, metadata } = object;
    const resource = await cluster.resource(apiVersion, kind);
    if (!resource) throw new Error(`no ${kind}`);
    const path = resourcePath(resource, metadata);
    const answer = await cluster.request({
      method: 'PATCH',
      path: `${path}?fieldManager=test&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
    if (answer.status > 201) throw new Error(JSON.stringify(answer.body));
    return answer.body as KubeObject;
  }

  /** The cluster for an account of the namespace that has these rights alone. */
  async function clusterWith(name: string, rules: object[]): Promise<Cluster> {
    const metadata = { name, namespace: NAMESPACE };
    const group = 'rbac.authorization.k8s.io';
    await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    const role = { apiVersion: `${group}/v1`, kind: 'Role', metadata, rules };
    await apply(role);
    await apply({
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name }],
    });
    const token = await namespace.kubectl('create', 'token', name);
    return openClusterAt(cluster.server, token.trim());
  }

  const failure = (objects: readonly KubeObject[], timeout?: number) =>
    errorOf(ready(objects, timeout)).then(({ code, message }) => {
      expect(code).toBe('SLIPWAY_E_NOT_READY');
      return message;
    });

  async function withoutRoom(): Promise<string> {
    const other = await TestNamespace.create(sandbox, `${NAMESPACE}-quota`);
    const there = (object: KubeObject): KubeObject => ({
      ...object,
      metadata: { ...object.metadata, namespace: other.name },
    });
    try {
      await other.kubectl('create', 'quota', 'none', '--hard=pods=0');
      return await failure([
        there(workload('Deployment', 'many')),
        // These say it in events alone.
        there(workload('StatefulSet', 'many')),
        there(job('many', ['true'])),
      ]);
    } finally {
      await other.remove();
    }
  }

  /** A program that ends until some seconds are over, as its database begins. */
  function withDatabase() {
    const start = Math.floor(Date.now() / 1000);
    const later = `[ $(date +%s) -gt ${start + 5} ]`;
    const command = ['sh', '-c', `${later} || exit 1; sleep 3600`];
    const exec = { command: ['sh', '-c', later] };
    const readinessProbe = { exec, periodSeconds: 1 };
    return ready([
      workload('Deployment', 'api', pod({ command })),
      workload('StatefulSet', 'database', pod({ readinessProbe })),
    ]);
  }

  /** What cannot become ready, all tried at once: most of it takes its time. */
  const CASES: readonly (readonly [
    string,
    () => KubeObject,
    readonly RegExp[],
    number?,
  ])[] = [
    [
      'for a container that crashes: its reason and last words',
      () =>
        workload(
          'Deployment',
          'crash',
          pod({ command: ['sh', '-c', 'echo no database; exit 3'] }),
          // Else it is available for the moment that it runs.
          { minReadySeconds: 5 },
        ),
      [
        /^1 of 1 objects cannot become ready:\n +Deployment crash in \S+: pod crash-\S+, container main: CrashLoopBackOff: it ends with exit code 3/,
        /last event: [A-Z]\w+: /,
        /last lines of the log:\n +no database/,
      ],
    ],
    [
      'for an image that is nowhere',
      () =>
        workload(
          'Deployment',
          'pull',
          pod({ image: `${sandbox.registry.hostFromCluster}/nowhere:1` }),
        ),
      [/container main: ErrImagePull: .*nowhere:1: not found/],
    ],
    [
      'with an image name that is none',
      () => workload('Deployment', 'name', pod({ image: 'Not A Name' })),
      [/InvalidImageName/],
    ],
    [
      'with a Secret that is not there',
      () =>
        workload(
          'Deployment',
          'secret',
          pod({
            env: [
              {
                name: 'A',
                valueFrom: { secretKeyRef: { name: 'gone', key: 'a' } },
              },
            ],
          }),
        ),
      [/CreateContainerConfigError: secret "gone" not found/],
    ],
    [
      'with a program that is not there',
      () => workload('Deployment', 'program', pod({ command: ['/gone'] })),
      [/\/gone/],
    ],
    [
      'for a pod that fits on no node',
      () =>
        workload(
          'StatefulSet',
          'nowhere',
          pod({}, { nodeSelector: { 'acme.dev/none': 'x' } }),
        ),
      [/Unschedulable: 0\/1 nodes are available/],
    ],
    [
      'for a Job that fails',
      () => job('broken', ['false']),
      [/Job broken in \S+: BackoffLimitExceeded/],
    ],
    [
      'in time for a probe that fails, which is named',
      () =>
        workload(
          'Deployment',
          'probe',
          pod({
            readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 },
          }),
        ),
      [
        /^1 of 1 objects not ready after 8.0s:/,
        /0 of 1 pods are available; pod probe-\S+: container main is not ready/,
        /last event: Unhealthy: /,
      ],
      8000,
    ],
  ];

  describe('cannot come', () => {
    let messages: Promise<string>[];
    beforeAll(() => {
      messages = CASES.map(([, object, , timeout]) =>
        failure([object()], timeout),
      );
      // Each is told in its own test.
      for (const message of messages) message.catch(() => undefined);
    });

    it.each(CASES.map(([title, , why], at) => [title, at, why] as const))(
      '%s',
      async (_, at, why) => {
        const message = await messages[at];
        for (const each of why) expect(message).toMatch(each);
      },
    );
  });

  it('comes for every kind of workload, and says what is less than it seems', async () => {
    const objects = [
      workload('Deployment', 'web'),
      workload('Deployment', 'none', pod(), { replicas: 0 }),
      workload('Deployment', 'paused', pod(), { paused: true }),
      workload('StatefulSet', 'db'),
      workload('StatefulSet', 'manual', pod(), {
        updateStrategy: { type: 'OnDelete' },
      }),
      workload('DaemonSet', 'agent'),
      job('migrate', ['true']),
      job('later', ['true'], { suspend: true }),
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'pod', namespace: NAMESPACE },
        spec: pod(),
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'map', namespace: NAMESPACE },
      },
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'claim', namespace: NAMESPACE },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Mi' } },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'public', namespace: NAMESPACE },
        spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
      },
    ];
    const found = await ready(objects);
    expect(
      Object.fromEntries(found.map(({ name, note }) => [name, note])),
    ).toEqual({
      web: undefined,
      none: 'it has no replicas',
      paused: 'paused: nothing is rolled out',
      db: undefined,
      manual: undefined,
      agent: undefined,
      migrate: undefined,
      later: expect.stringContaining('suspended') as string,
      pod: undefined,
      claim: expect.stringContaining('not bound') as string,
      public: expect.stringContaining('no load balancer') as string,
    });
    // Once more: nothing changes, and a Job that has ended is as it was.
    expect(await ready(objects)).toHaveLength(found.length);
    const [manual] = await ready([
      workload('StatefulSet', 'manual', pod({ command: ['sleep', '3601'] }), {
        updateStrategy: { type: 'OnDelete' },
      }),
    ]);
    expect(manual?.note).toMatch(/^OnDelete: /);
  });

  it('cannot come for pods that a quota has no room for', async () => {
    const message = await slow.quota;
    for (const kind of ['Deployment', 'StatefulSet', 'Job']) {
      const line = `${kind} many in \\S+: FailedCreate: .*exceeded quota: none`;
      expect(message).toMatch(new RegExp(line));
    }
  });

  it('comes in a namespace that is made right before', async () => {
    const other = await TestNamespace.create(sandbox, `${NAMESPACE}-fresh`);
    try {
      const object = workload('Deployment', 'web');
      const metadata = { ...object.metadata, namespace: other.name };
      expect(await ready([{ ...object, metadata }])).toHaveLength(1);
    } finally {
      await other.remove();
    }
  });

  it('comes for a program that crashes until its database is there', async () => {
    const found = await slow.database;
    expect(found.map(({ name }) => name).sort()).toEqual(['api', 'database']);
  });

  it('does not wait for pods of before, and says that they still end', async () => {
    const deaf = (seconds: string) =>
      workload(
        'Deployment',
        'deaf',
        // A first process of a container that handles no signal gets none.
        pod(
          { command: ['sleep', seconds] },
          { terminationGracePeriodSeconds: 20 },
        ),
      );
    await ready([deaf('3600')]);
    const [deafer] = await ready([deaf('3601')]);
    expect(deafer?.note).toBe('1 of its pods still end');
  });

  it('cannot come for what somebody deletes', async () => {
    const never = pod({
      readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 },
    });
    const message = failure([workload('Deployment', 'deleted', never)]);
    await namespace.kubectl('wait', '--for=create', 'deployment/deleted');
    await namespace.kubectl('delete', 'deployment', 'deleted');
    expect(await message).toMatch(/somebody has deleted it/);
  });

  it('ends at once when the run is cancelled', async () => {
    const cancel = new AbortController();
    const nowhere = workload(
      'StatefulSet',
      'slow',
      pod(
        {},
        {
          nodeSelector: { 'acme.dev/none': 'x' },
        },
      ),
    );
    const waiting = errorOf(
      ready([nowhere], LONG, cluster, recordingReporter(), cancel.signal),
    );
    await namespace.kubectl('wait', '--for=create', 'statefulset/slow');
    cancel.abort();
    expect((await waiting).code).toBe('SLIPWAY_E_CANCELLED');
  });

  it('cannot come for a claim whose class gives no volume', async () => {
    const name = NAMESPACE;
    await apply({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'Immediate',
    });
    try {
      const claim = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'at-once', namespace: NAMESPACE },
        spec: {
          storageClassName: name,
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Mi' } },
        },
      };
      expect(await failure([claim], 3000)).toMatch(/it has no volume yet/);
    } finally {
      await namespace.kubectl('delete', 'storageclass', name);
    }
  });

  describe('for a user who may do little', () => {
    const rule = (
      resources: string[],
      verbs: string[],
      apiGroups = ['apps'],
    ) => ({
      apiGroups,
      resources,
      verbs,
    });

    it('is told without a look at pods, with a line for each', async () => {
      const rules = [rule(['deployments'], ['get', 'list', 'watch'])];
      const on = await clusterWith('no-pods', rules);
      const reporter = recordingReporter();
      expect(
        await ready([workload('Deployment', 'seen')], LONG, on, reporter),
      ).toHaveLength(1);
      const notices = reporter.lines.filter((line) =>
        /^not watched/.test(line),
      );
      expect(notices).toHaveLength(2);
      expect(notices.join()).toMatch(/you may not list pods in/);
      expect(notices.join()).toMatch(/you may not list replicasets\.apps in/);
    });

    it('is looked for again and again where it may not be watched', async () => {
      const rules = [rule(['*'], ['get', 'list'], ['', 'apps'])];
      const on = await clusterWith('no-watch', rules);
      const reporter = recordingReporter();
      const [found] = await ready(
        [workload('Deployment', 'polled')],
        LONG,
        on,
        reporter,
      );
      expect(found).toMatchObject({ name: 'polled' });
      expect(found?.note).toBeUndefined();
      expect(reporter.lines.join('\n')).toMatch(
        /^looked at every two seconds.*you may not watch deployments/m,
      );
    });

    it('is taken as given where it may not be looked at', async () => {
      const on = await clusterWith('nothing', []);
      const [found] = await ready([workload('Deployment', 'unseen')], LONG, on);
      expect(found?.note).toBe(
        'taken to be ready: deployments may not be listed',
      );
    });
  });

  it('is seen through watches that expire and break off', async () => {
    const faulty = await FaultyApi.start(cluster.server);
    const broken = new Set<string>();
    faulty.fault = ({ url = '' }, response) => {
      const [path = ''] = url.split('?');
      if (!url.includes('watch=1') || broken.has(path)) return false;
      broken.add(path);
      const object = { kind: 'Status', code: 410, reason: 'Expired' };
      response.write(
        `${JSON.stringify({ type: 'ERROR', object })}\n{"type":"MOD`,
      );
      response.destroy();
      return true;
    };
    try {
      const on = await openClusterAt(faulty.url, await adminTokenOf(sandbox));
      const objects = [workload('Deployment', 'expired')];
      expect(await ready(objects, LONG, on)).toHaveLength(1);
      expect(broken.size).toBe(3);
    } finally {
      await faulty.stop();
    }
  });

  it('is that of the newest pods: those before may crash', async () => {
    // It is in its back-off since the tests above.
    const [mended] = await ready([workload('Deployment', 'crash')]);
    expect(mended?.name).toBe('crash');
  });

  it('of a kind of somebody’s own is what its conditions say', async () => {
    const name = 'gadgets.e2e-readiness.dev';
    await apply(definitionOf('e2e-readiness.dev', 'Gadget'));
    try {
      await namespace.kubectl(
        'wait',
        '--for=condition=Established',
        `crd/${name}`,
      );
      const gadget = (
        gadgetName: string,
        conditions?: object[],
      ): KubeObject => ({
        apiVersion: 'e2e-readiness.dev/v1',
        kind: 'Gadget',
        metadata: { name: gadgetName, namespace: NAMESPACE },
        ...(conditions && { status: { conditions } }),
      });
      const good = [
        gadget('plain'),
        gadget('good', [{ type: 'Ready', status: 'True' }]),
      ];
      expect(await ready(good)).toHaveLength(2);
      const stalled = gadget('stalled', [
        {
          type: 'Stalled',
          status: 'True',
          reason: 'Broken',
          message: 'no disk',
        },
      ]);
      expect(await failure([stalled])).toMatch(
        /Gadget stalled in \S+: Broken: no disk/,
      );
      const slow = gadget('slow', [
        { type: 'Ready', status: 'False', reason: 'Installing' },
      ]);
      expect(await failure([slow], 1000)).toMatch(/Installing/);
    } finally {
      await namespace.kubectl('delete', 'crd', name);
    }
  });

  it('is seen through a restart of the API server', async () => {
    const spare = await spareApiServer();
    await spare.start();
    try {
      const on = await openClusterAt(spare.url, await adminTokenOf(sandbox));
      const command = ['sh', '-c', 'sleep 3; touch /ready; sleep 3600'];
      const readinessProbe = {
        exec: { command: ['cat', '/ready'] },
        periodSeconds: 1,
      };
      const waiting = ready(
        [workload('Deployment', 'restart', pod({ command, readinessProbe }))],
        LONG,
        on,
      );
      await namespace.kubectl('wait', '--for=create', 'deployment/restart');
      await spare.stop();
      await spare.start();
      expect(await waiting).toHaveLength(1);
    } finally {
      await spare.stop();
    }
  });
});
