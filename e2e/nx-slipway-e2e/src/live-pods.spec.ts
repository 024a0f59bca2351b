import type { Cluster } from '../../../packages/nx-slipway/src/cluster';
import {
  LIVE_UPDATE,
  openServedSet,
  type DeployOptions,
  type ObjectReport,
  type ServedPod,
  type ServedSet,
} from '../../../packages/nx-slipway/src/deploy';
import { ANNOTATION } from '../../../packages/nx-slipway/src/live-update';
import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';
import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import {
  DeployStage,
  OPTIONS,
  actionsOf,
  configMap,
  deployment,
  type Manifest,
  type StoredObject,
} from './support/deploy-stage';

/** Milliseconds: of what is to become ready on a busy machine. */
const LONG = 120_000;
const WAIT: Partial<DeployOptions> = { wait: true, timeout: LONG };

describe('pods that took a live update', () => {
  let stage: DeployStage;
  let image: string;
  let served: ServedSet | undefined;

  beforeAll(async () => {
    stage = await DeployStage.create('live-pods');
    image = `${stage.sandbox.registry.hostFromCluster}/busybox:1.35`;
    await stage.kubectl(['wait', '--for=create', 'serviceaccount/default']);
  });
  afterEach(async () => {
    await served?.close();
    served = undefined;
    await stage.down({ deleteData: true, takeover: true });
  });
  afterAll(() => stage.remove());

  const spec = () => ({
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image, command: ['sleep', '3600'] }],
  });
  const workload = (
    kind: string,
    rest: object = {},
    name = 'web',
  ): Manifest => {
    const { spec: given, ...others } = deployment(name);
    const { selector, template } = given as {
      selector: object;
      template: object;
    };
    const pods = { ...template, spec: spec() };
    return {
      ...others,
      kind,
      spec: { selector, template: pods, ...rest },
    };
  };
  const pod = (): Manifest => ({
    kind: 'Pod',
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: spec(),
  });

  /** All pods but those that end, by uid. */
  async function pods(): Promise<Map<string, StoredObject>> {
    const args = ['get', 'pods', '-o', 'json'];
    const { items } = JSON.parse(await stage.kubectl(args)) as {
      items: StoredObject[];
    };
    return new Map(
      items
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .map((item) => [item.metadata.uid, item]),
    );
  }
  const uids = async () => [...(await pods()).keys()].sort();
  const touch = () =>
    stage.kubectl(['annotate', 'pods', '--all', `${LIVE_UPDATE}=abc`]);
  const reportOf = ({ objects }: { objects: readonly ObjectReport[] }) =>
    objects.find(({ name }) => name === 'web');

  it('are told by what serve writes', () => {
    expect(LIVE_UPDATE).toBe(ANNOTATION);
  });

  /** The same cluster, and all that it was asked, `METHOD PATH`. */
  function recorded(): { cluster: Cluster; requests: string[] } {
    const requests: string[] = [];
    const request: Cluster['request'] = (asked) => {
      const path = asked.path.replace(/\?.*/, '');
      requests.push(`${asked.method} ${path}`);
      return stage.cluster.request(asked);
    };
    return { cluster: { ...stage.cluster, request }, requests };
  }

  it('are replaced by a deploy, whatever made them, once', async () => {
    const onDelete = { updateStrategy: { type: 'OnDelete' } };
    const manifests = [
      workload('Deployment', { replicas: 2 }, 'deployment'),
      workload('StatefulSet', { serviceName: 'web' }, 'stateful-set'),
      workload('DaemonSet', {}, 'daemon-set'),
      workload('ReplicaSet', { replicas: 2 }, 'replica-set'),
      workload('Deployment', {}, 'paused'),
      workload('StatefulSet', { serviceName: 'web', ...onDelete }, 'on-delete'),
    ];
    await stage.deploy(manifests, WAIT);
    // A field that is somebody else's.
    await stage.kubectl(['rollout', 'pause', 'deployment/paused']);
    const before = await uids();
    expect(before).toHaveLength(8);
    await touch();
    const told = manifests.map(({ kind, metadata: { name } }) => {
      const count = ['deployment', 'replica-set'].includes(name)
        ? '2 pods'
        : '1 pod';
      const reason = `${count} took live updates`;
      const action = 'changed';
      return expect.objectContaining({
        ...{ kind, name, action, reason, rolls: true },
      }) as unknown;
    });
    expect((await stage.plan(manifests)).objects).toEqual(told);
    expect(await uids()).toEqual(before);
    expect((await stage.deploy(manifests, WAIT)).objects).toEqual(told);
    const after = await pods();
    expect(after.size).toBe(8);
    for (const [uid, { metadata, status }] of after) {
      expect(before).not.toContain(uid);
      expect(metadata.annotations?.[LIVE_UPDATE]).toBeUndefined();
      expect(status).toMatchObject({ phase: 'Running' });
    }
    const settled = Object.values(actionsOf(await stage.plan(manifests)));
    expect(new Set(settled)).toEqual(new Set(['unchanged']));
    const next = Object.values(actionsOf(await stage.deploy(manifests, WAIT)));
    expect(new Set(next)).toEqual(new Set(['unchanged']));
    expect(await uids()).toEqual([...after.keys()].sort());
  });

  it('are not replaced twice where their workload rolls anyhow', async () => {
    await stage.deploy([workload('Deployment')], WAIT);
    await touch();
    const changed = workload('Deployment', { minReadySeconds: 1 });
    const { template } = changed.spec as { template: { spec: object } };
    Object.assign(template.spec, { hostname: 'other' });
    const done = await stage.deploy([changed], WAIT);
    expect(reportOf(done)?.reason).toBeUndefined();
    const { metadata } = await stage.get('deployment/web');
    expect(metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '2',
    });
    expect(actionsOf(await stage.deploy([changed], WAIT))).toEqual({
      'Deployment/web': 'unchanged',
    });
  });

  it('of a manifest are made anew, where that may be', async () => {
    await stage.deploy([pod()], WAIT);
    const before = await uids();
    await touch();
    const elsewhere = { ...WAIT, isLocal: false };
    expect(reportOf(await stage.plan([pod()], elsewhere))).toMatchObject({
      action: 'refused',
      reason: expect.stringMatching(
        /Pod web .*: it took live updates$/,
      ) as string,
    });
    const error = await errorOf(stage.deploy([pod()], elsewhere));
    expect(error.code).toBe('SLIPWAY_E_IMMUTABLE');
    expect(error.hint).toContain('--recreate=pod/web');
    const told = { action: 'recreated', reason: 'it took live updates' };
    expect(reportOf(await stage.plan([pod()]))).toMatchObject(told);
    expect(await uids()).toEqual(before);
    expect(reportOf(await stage.deploy([pod()], WAIT))).toMatchObject(told);
    const after = await uids();
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    expect(actionsOf(await stage.deploy([pod()], WAIT))).toEqual({
      'Pod/web': 'unchanged',
    });
  });

  it('of a Job stay, which is told', async () => {
    const { spec: given } = workload('Job') as unknown as {
      spec: { template: { spec: object } };
    };
    Object.assign(given.template.spec, { restartPolicy: 'Never' });
    const { template } = given;
    const job = {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'web' } },
      spec: { template },
    };
    await stage.deploy([job]);
    await stage.kubectl(['wait', '--for=create', 'pod', '-l', 'app=web']);
    const before = await uids();
    await touch();
    const reason =
      '1 pod took live updates; what has run is not run again for that';
    const told = { action: 'unchanged', reason };
    expect(reportOf(await stage.plan([job]))).toMatchObject(told);
    expect(reportOf(await stage.deploy([job]))).toMatchObject(told);
    expect(stage.reporter.lines.join()).toContain(reason);
    expect(await uids()).toEqual(before);
  });

  it('are looked for by watches that are open anyhow, or one list', async () => {
    const manifests = [workload('Deployment'), configMap('settings')];
    await stage.deploy(manifests, WAIT);
    const { cluster, requests } = recorded();
    const about = () => {
      const found = requests.filter((each) =>
        /\/(pods|replicasets)$/.test(each),
      );
      requests.length = 0;
      return found;
    };
    const list = `GET /api/v1/namespaces/${stage.name}/pods`;
    const makers = `GET /apis/apps/v1/namespaces/${stage.name}/replicasets`;
    await stage.deploy(manifests, WAIT, { cluster });
    // What readiness watches is not asked for again.
    expect(about()).toEqual([]);
    await stage.deploy(manifests, {}, { cluster });
    expect(about()).toEqual([list]);
    await stage.plan(manifests, {}, { cluster });
    expect(about()).toEqual([list]);
    await stage.deploy([configMap('settings')], { prune: false }, { cluster });
    expect(about()).toEqual([]);
    await touch();
    await stage.deploy(manifests, {}, { cluster });
    expect(about()).toEqual([list, makers]);
    await stage.kubectl(['rollout', 'status', 'deployment/web']);
    await stage.deploy(manifests, {}, { cluster });
    expect(about()).toEqual([list]);
  });

  it('stay where they may not be listed, which is told once', async () => {
    await stage.deploy([workload('Deployment')], WAIT);
    await touch();
    const before = await uids();
    const all = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
    const cluster = await stage.clusterOf('deployer', [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: all },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: all },
      { apiGroups: [''], resources: ['configmaps'], verbs: all },
    ]);
    stage.reporter.lines.length = 0;
    const done = await stage.deploy([workload('Deployment')], {}, { cluster });
    expect(actionsOf(done)).toEqual({ 'Deployment/web': 'unchanged' });
    expect(
      stage.reporter.lines.filter((line) => /list pods/.test(line)),
    ).toEqual([expect.stringContaining('pods that took live updates stay')]);
    expect(await uids()).toEqual(before);
  });

  describe('of a set that is served', () => {
    async function serve(manifests: readonly Manifest[]) {
      let seen: readonly ServedPod[] = [];
      const drifts: unknown[] = [];
      const set = await openServedSet(
        stage.set(manifests),
        { ...OPTIONS, takeover: true },
        {
          ...stage.systems(),
          onDrift: (drift) => drifts.push(drift),
          onLost: () => undefined,
        },
      );
      served = set;
      const apply = () =>
        set.apply(
          stage
            .set(manifests)
            .objects.map((manifest) => ({ manifest, isBlocked: false })),
        );
      const ready = async () =>
        (await apply()).ready(new AbortController().signal, LONG);
      await ready();
      set.followPods((pods) => (seen = pods));
      const newest = () =>
        eventually(
          'pods',
          () => {
            const found = seen.filter((each) => each.isNewest && each.isReady);
            return found.length > 0 && found;
          },
          LONG,
        );
      return { set, apply, ready, newest, drifts };
    }

    it('are left to serve, and replaced when it asks for it, once', async () => {
      const { set, apply, ready, newest, drifts } = await serve([
        workload('Deployment', { replicas: 2 }),
        { ...pod(), metadata: { name: 'alone', labels: { app: 'web' } } },
      ]);
      const before = await uids();
      await touch();
      expect((await apply()).objects).toEqual([]);
      expect(await uids()).toEqual(before);
      const old = await newest();
      expect(old).toHaveLength(3);
      // One by one, as workers find them.
      await Promise.all(old.map((each) => set.replacePods([each])));
      await ready();
      const after = await uids();
      expect(after).toHaveLength(3);
      expect(after.filter((uid) => before.includes(uid))).toEqual([]);
      await set.replacePods(old);
      expect((await apply()).objects).toEqual([]);
      expect(await uids()).toEqual(after);
      const { metadata } = await stage.get('deployment/web');
      expect(metadata.annotations).toMatchObject({
        'deployment.kubernetes.io/revision': '2',
      });
      expect(drifts).toEqual([]);
    });
  });
});
