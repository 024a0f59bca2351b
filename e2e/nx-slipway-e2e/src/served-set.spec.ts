import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { spareApiServer } from '@nx-slipway/sandbox';
import type { Cluster } from '../../../packages/nx-slipway/src/cluster';
import {
  openServedSet,
  type AppliedSet,
  type Drift,
  type LiveObject,
  type ServeDeploySystems,
  type ServedPod,
  type ServedSet,
} from '../../../packages/nx-slipway/src/deploy';
import type { ManifestObject } from '../../../packages/nx-slipway/src/manifest';
import type { SlipwayError } from '../../../packages/nx-slipway/src/report';
import { identityOf } from '../../../packages/nx-slipway/src/state';
import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';
import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import {
  DeployStage,
  OPTIONS,
  actionsOf,
  configMap,
  deployment,
  type Manifest,
  until,
} from './support/deploy-stage';
import { definitionOf } from './support/custom-kind';
import { FaultyApi } from './support/faulty-api';
import { adminTokenOf, openClusterAt } from './support/open-cluster';

/** Milliseconds: of what is to become ready on a busy machine. */
const LONG = 120_000;

describe('a served set', () => {
  let stage: DeployStage;
  let image: string;
  const opened: ServedSet[] = [];

  beforeAll(async () => {
    stage = await DeployStage.create('served');
    image = `${stage.sandbox.registry.hostFromCluster}/busybox:1.35`;
    // The account that pods need is made a moment after their namespace.
    await stage.kubectl(['wait', '--for=create', 'serviceaccount/default']);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
    await stage.down({ deleteData: true, takeover: true });
  });
  afterAll(() => stage.remove());

  interface Opening extends Partial<ServeDeploySystems> {
    readonly in?: DeployStage;
    readonly on?: Cluster;
    readonly takeover?: boolean;
    readonly createNamespace?: boolean;
  }

  /** A set, and what it has told. */
  class Served {
    readonly drifts: Drift[] = [];
    readonly losses: SlipwayError[] = [];
    /** `METHOD PATH` of all that was asked. */
    readonly requests: string[] = [];

    private constructor(readonly set: ServedSet) {}

    static async open({
      in: place = stage,
      on = place.cluster,
      takeover = false,
      createNamespace = false,
      ...systems
    }: Opening = {}): Promise<Served> {
      const told: Pick<Served, 'drifts' | 'losses' | 'requests'> = {
        drifts: [],
        losses: [],
        requests: [],
      };
      const cluster: Cluster = {
        ...on,
        request: (request) => {
          told.requests.push(
            `${request.method} ${request.path.replace(/\?.*/, '')}`,
          );
          return on.request(request);
        },
      };
      const set = await openServedSet(
        place.set([configMap('any')]),
        { ...OPTIONS, takeover, createNamespace },
        {
          ...place.systems({ cluster }),
          onDrift: (drift) => told.drifts.push(drift),
          onLost: (error) => told.losses.push(error),
          ...systems,
        },
      );
      opened.push(set);
      return Object.assign(new Served(set), told);
    }

    /** @param blocked their names */
    apply(
      manifests: readonly Manifest[],
      blocked: readonly string[] = [],
    ): Promise<AppliedSet> {
      const { objects } = stage.set(manifests);
      return this.set.apply(
        objects.map((manifest) => ({
          manifest,
          isBlocked: blocked.includes(manifest.object.metadata.name),
        })),
      );
    }
  }

  /** A Deployment whose pods run, and become ready at once. */
  const running = (name: string, text = '1', container: object = {}) => {
    const { spec, ...rest } = deployment(name, image);
    const { template, ...others } = spec as {
      template: { spec: { containers: object[] } };
    };
    const main = {
      ...{ name: 'main', image, command: ['sleep', '3600'] },
      env: [{ name: 'TEXT', value: text }],
      ...container,
    };
    return {
      ...rest,
      spec: {
        ...others,
        template: {
          ...template,
          spec: { ...template.spec, containers: [main] },
        },
      },
    };
  };

  /** One that ends; without its probe it would be ready for a moment. */
  const crashing = (code: number) => ({
    command: ['sh', '-c', `exit ${code}`],
    readinessProbe: { exec: { command: ['false'] } },
  });

  const unblocked = (manifests: readonly ManifestObject[]) =>
    manifests.map((manifest) => ({ manifest, isBlocked: false }));

  const signal = () => new AbortController().signal;

  const versionOf = async (what: string) =>
    (await stage.get(what)).metadata.resourceVersion;

  const shop = (text = '1') => [
    configMap('settings', { size: '1' }),
    {
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
    running('web', text),
    running('api'),
  ];

  it('is applied whole at first, then one request for each object that changed', async () => {
    const served = await Served.open();
    const first = await served.apply(shop());
    expect(first.pass).toBe('full');
    expect(actionsOf(first)).toEqual({
      'ConfigMap/settings': 'created',
      'Service/web': 'created',
      'Deployment/web': 'created',
      'Deployment/api': 'created',
    });
    const { objects } = await first.ready(signal(), LONG);
    expect(objects.map(({ name }) => name).sort()).toEqual([
      'api',
      'web',
      'web',
    ]);
    const others = ['configmap/settings', 'service/web', 'deployment/api'];
    const before = await Promise.all(others.map(versionOf));
    const { metadata } = await stage.get('deployment/web');
    served.requests.length = 0;
    const second = await served.apply(shop('2'));
    expect(served.requests).toEqual([
      `PATCH /apis/apps/v1/namespaces/${stage.name}/deployments/web`,
    ]);
    expect(second).toMatchObject({
      pass: 'quick',
      objects: [{ name: 'web', action: 'changed', rolls: true }],
    });
    await second.ready(signal(), LONG);
    expect(await Promise.all(others.map(versionOf))).toEqual(before);
    const after = await stage.get('deployment/web');
    expect(after.metadata.generation).toBe(Number(metadata.generation) + 1);
    served.requests.length = 0;
    const third = await served.apply(shop('2'));
    expect(third).toMatchObject({ pass: 'quick', objects: [] });
    await third.ready(signal(), LONG);
    expect(served.requests).toEqual([]);
    expect(served.drifts).toEqual([]);
  });

  it('that has not changed is not written when it is opened anew', async () => {
    const first = await Served.open();
    const applied = await first.apply(shop());
    await applied.ready(signal(), LONG);
    await first.set.close();
    const kinds = 'configmap,service,deployment';
    const all = await stage.names(kinds);
    expect(all).toHaveLength(5);
    const before = await Promise.all(all.map(versionOf));
    const second = await Served.open();
    const report = await second.apply(shop());
    expect(Object.values(actionsOf(report))).toEqual(
      Array.from({ length: 4 }, () => 'unchanged'),
    );
    await report.ready(signal(), LONG);
    expect(await Promise.all(all.map(versionOf))).toEqual(before);
    const writes = second.requests.filter(
      (each) => !each.startsWith('GET') && !each.includes('/leases'),
    );
    expect(writes).toEqual([]);
  });

  describe('that somebody else changes', () => {
    it('is told of it once, leaves it, and overwrites it with its own next change', async () => {
      const served = await Served.open();
      const settings = (size: string) => configMap('settings', { size });
      const replicas = (text: string): Manifest => {
        const { spec, ...rest } = running('web', text);
        return { ...rest, spec: { ...spec, replicas: 1 } };
      };
      await served.apply([settings('1'), replicas('1')]);
      await stage.kubectl([
        ...['patch', 'configmap', 'settings', '--type=merge'],
        ...['--patch', '{"data":{"size":"9","other":"x"}}'],
      ]);
      await eventually('a drift', () => served.drifts.length > 0);
      await stage.kubectl(['scale', 'deployment/web', '--replicas=3']);
      await eventually('another', () => served.drifts.length > 1);
      expect(served.drifts).toEqual([
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          namespace: stage.name,
          name: 'settings',
          message: 'kubectl-patch changed data.size from 1 to 9',
        },
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: stage.name,
          name: 'web',
          message: 'kubectl (scale) changed spec.replicas from 1 to 3',
        },
      ]);
      // Another object changes, and one comes: a quick pass, and a full one.
      await served.apply([settings('1'), replicas('1'), configMap('more')]);
      expect((await stage.get('configmap/settings')).data).toEqual({
        size: '9',
        other: 'x',
      });
      const mine = [settings('2'), replicas('1'), configMap('more')];
      expect((await served.apply(mine)).pass).toBe('full');
      expect((await stage.get('configmap/settings')).data).toEqual({
        size: '2',
        other: 'x',
      });
      const scaled = await stage.get('deployment/web');
      expect(scaled.spec).toMatchObject({ replicas: 3 });
      await served.apply([settings('2'), replicas('2'), configMap('more')]);
      const { spec } = await stage.get('deployment/web');
      expect(spec).toMatchObject({ replicas: 1 });
      expect(served.drifts).toHaveLength(2);
    });

    it('takes back whatever field it had, also where it has not heard of it yet', async () => {
      const served = await Served.open();
      const label = 'app.example.com/team';
      const both = (team: string): Manifest[] => [
        {
          kind: 'Service',
          metadata: {
            name: 'web',
            labels: { [label]: team },
            finalizers: ['example.com/hold'],
          },
          spec: { ports: [{ name: 'http', port: 80, targetPort: 80 }] },
        },
        deployment('web', `web:${team}`),
      ];
      await served.apply(both('1'));
      await stage.kubectl(['set', 'image', 'deployment/web', 'main=web:9']);
      await stage.kubectl([
        'label',
        'service/web',
        '--overwrite',
        `${label}=9`,
      ]);
      await stage.kubectl([
        ...['patch', 'service', 'web', '--type=json', '--patch'],
        '[{"op":"replace","path":"/spec/ports/0/targetPort","value":81}]',
      ]);
      await served.apply(both('2'));
      const { spec, metadata } = await stage.get('service/web');
      expect(metadata.labels).toMatchObject({ [label]: '2' });
      expect(spec).toMatchObject({ ports: [{ targetPort: 80 }] });
      const made = JSON.stringify(await stage.get('deployment/web'));
      expect(made).toContain('"image":"web:2"');
      await stage.kubectl([
        ...['patch', 'service', 'web', '--type=merge'],
        ...['--patch', '{"metadata":{"finalizers":null}}'],
      ]);
    });

    it('takes nothing that it never had', async () => {
      const served = await Served.open();
      await served.apply([configMap('a', { x: '1' })]);
      await stage.kubectl([
        ...['patch', 'configmap', 'a', '--type=merge'],
        ...['--patch', '{"data":{"y":"theirs"}}'],
      ]);
      const change = served.apply([configMap('a', { x: '1', y: 'ours' })]);
      const error = await errorOf(change);
      expect(error.code).toBe('SLIPWAY_E_FIELD_CONFLICT');
      expect(error.message).toContain('.data.y is managed by kubectl-patch');
    });

    it('is told that it was deleted, and makes it anew with its own next change', async () => {
      const served = await Served.open();
      const both = (x: string) => [configMap('a', { x }), configMap('b')];
      await served.apply(both('1'));
      await stage.kubectl(['delete', 'configmap', 'a']);
      await eventually('a drift', () => served.drifts.length > 0);
      expect(served.drifts).toMatchObject([
        { name: 'a', message: 'it was deleted' },
      ]);
      await served.apply([...both('1'), configMap('c')]);
      expect(await stage.names('configmap')).not.toContain('configmap/a');
      expect(
        actionsOf(await served.apply([...both('2'), configMap('c')])),
      ).toMatchObject({ 'ConfigMap/a': 'created' });
      expect(served.drifts).toHaveLength(1);
    });

    it('takes it for no drift what controllers write, and what is not its own', async () => {
      const served = await Served.open();
      const applied = await served.apply([running('web')]);
      await applied.ready(signal(), LONG);
      await stage.kubectl(['scale', 'deployment/web', '--replicas=2']);
      await stage.kubectl(['annotate', 'deployment/web', 'note=theirs']);
      await stage.kubectl(['rollout', 'status', 'deployment/web']);
      // What was seen before this is judged by now.
      await stage.kubectl(['label', 'deployment/web', 'app.example.com/x=y']);
      const next = await served.apply([running('web', '2')]);
      await next.ready(signal(), LONG);
      expect(served.drifts).toEqual([]);
      const { spec, metadata } = await stage.get('deployment/web');
      expect(spec).toMatchObject({ replicas: 2 });
      expect(metadata.annotations).toMatchObject({ note: 'theirs' });
    });
  });

  describe('from which an object goes', () => {
    it('prunes it', async () => {
      const served = await Served.open();
      await served.apply([configMap('a'), configMap('b')]);
      const applied = await served.apply([configMap('a')]);
      expect(applied.pass).toBe('full');
      expect(actionsOf(applied)).toEqual({
        'ConfigMap/a': 'unchanged',
        'ConfigMap/b': 'pruned',
      });
      expect(served.drifts).toEqual([]);
    });

    it('prunes it later while one of its objects is blocked', async () => {
      const served = await Served.open();
      await served.apply([configMap('a'), deployment('old')]);
      const next = [configMap('a'), deployment('new')];
      await served.apply(next, ['new']);
      expect(await stage.names('deployment')).toEqual(['deployment.apps/old']);
      expect(actionsOf(await served.apply(next))).toEqual({
        'ConfigMap/a': 'unchanged',
        'Deployment/new': 'created',
        'Deployment/old': 'pruned',
      });
      // One that is there already, and comes back as it was.
      await served.apply([deployment('new')], ['new']);
      expect(await stage.names('configmap')).toContain('configmap/a');
      expect(actionsOf(await served.apply([deployment('new')]))).toEqual({
        'ConfigMap/a': 'pruned',
        'Deployment/new': 'unchanged',
      });
    });
  });

  it('neither sends nor prunes what is blocked', async () => {
    const before = await Served.open();
    await before.apply([configMap('a'), deployment('web', 'web:1')]);
    await before.set.close();
    const served = await Served.open();
    const { metadata } = await stage.get('deployment/web');
    const later = (image: string) => [
      configMap('a', { x: '1' }),
      deployment('web', image),
    ];
    const applied = await served.apply(later('web:unknown'), ['web']);
    expect(actionsOf(applied)).toEqual({ 'ConfigMap/a': 'changed' });
    const after = await stage.get('deployment/web');
    expect(after.metadata.generation).toBe(metadata.generation);
    expect(await served.apply(later('web:unknown'), ['web'])).toMatchObject({
      pass: 'quick',
      objects: [],
    });
    expect(actionsOf(await served.apply(later('web:2')))).toMatchObject({
      'Deployment/web': 'changed',
    });
    await served.apply(later('web:3'), ['web', 'a']);
    const { spec } = await stage.get('deployment/web');
    expect(JSON.stringify(spec)).toContain('web:2');
  });

  describe('that is held', () => {
    const bob = { holder: 'bob@desk pid 9 shop:serve' };

    it('is refused to a second, who is told the holder', async () => {
      const first = await Served.open(bob);
      await first.apply([configMap('a')]);
      const second = await Served.open();
      const error = await errorOf(second.apply([configMap('a')]));
      expect(error.code).toBe('SLIPWAY_E_SET_BUSY');
      expect(error.message).toMatch(/^bob@desk pid 9 shop:serve is at work on/);
      expect(first.losses).toEqual([]);
    });

    it('is lost to one that takes it over, and not written from then on', async () => {
      const first = await Served.open(bob);
      await first.apply([configMap('a')]);
      const second = await Served.open({ takeover: true });
      await second.apply([configMap('a', { x: '2' })]);
      await eventually('the loss', () => first.losses.length > 0);
      expect(first.losses).toMatchObject([{ code: 'SLIPWAY_E_SET_BUSY' }]);
      expect(first.losses[0]?.message).toMatch(/^ann@desk pid 7 shop:deploy/);
      const error = await errorOf(first.apply([configMap('a', { x: '3' })]));
      expect(error.code).toBe('SLIPWAY_E_SET_BUSY');
      await first.set.close();
      expect((await stage.get('configmap/a')).data).toEqual({ x: '2' });
      expect(first.drifts).toEqual([]);
      await second.apply([configMap('a', { x: '4' })]);
      expect(first.losses).toHaveLength(1);
    });

    it('is free at once when its holder was killed, and when it was closed', async () => {
      const child = spawn('sleep', ['600']);
      const identity = await identityOf(child.pid ?? 0);
      const first = await Served.open({
        holder: `bob@desk pid ${child.pid} shop:serve ${identity}`,
      });
      await first.apply([configMap('a')]);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { lines } = stage.reporter;
      lines.length = 0;
      const second = await Served.open();
      await second.apply([configMap('a', { x: '2' })]);
      await second.set.close();
      await stage.deploy([configMap('a', { x: '3' })]);
      // Nobody was waited for.
      expect(lines).toEqual([]);
    });
  });

  it('goes on after a failure by looking at everything', async () => {
    const served = await Served.open();
    const broken = { ...configMap('b'), data: { x: { y: 'z' } } };
    const error = await errorOf(
      served.apply([configMap('a'), broken, deployment('web')]),
    );
    expect(error.code).toBe('SLIPWAY_E_APPLY');
    const mended = [configMap('a'), configMap('b'), deployment('web')];
    expect(await served.apply(mended)).toMatchObject({ pass: 'full' });
    expect(
      await served.apply([...mended.slice(0, 2), deployment('web', 'web:2')]),
    ).toMatchObject({ pass: 'quick' });
    const refused = await errorOf(
      served.apply([configMap('a'), broken, deployment('web', 'web:3')]),
    );
    expect(refused.code).toBe('SLIPWAY_E_APPLY');
    const last = await served.apply([
      ...mended.slice(0, 2),
      deployment('web', 'web:3'),
    ]);
    expect(last.pass).toBe('full');
    expect(actionsOf(last)).toMatchObject({ 'Deployment/web': 'changed' });
    expect(served.drifts).toEqual([]);
  });

  it.each([
    ['is there no more', false],
    ['somebody has made anew', true],
  ])('is made anew in a namespace that %s', async (_, isThere) => {
    const own = await DeployStage.create('served-gone');
    try {
      const set = own.set([configMap('a'), configMap('b')]);
      const served = await Served.open({ in: own, createNamespace: true });
      await served.set.apply(unblocked(set.objects));
      await own.remove('--wait');
      await eventually('the drift', () => served.drifts.length === 2);
      if (isThere) await own.kubectl(['create', 'namespace', own.name]);
      const changed = own.set([configMap('a', { x: '1' }), configMap('b')]);
      const applied = await served.set.apply(unblocked(changed.objects));
      expect(actionsOf(applied)).toEqual({
        'ConfigMap/a': 'created',
        'ConfigMap/b': 'created',
      });
      expect(served.losses).toEqual([]);
      const again = own.set([configMap('a', { x: '2' }), configMap('b')]);
      expect(await served.set.apply(unblocked(again.objects))).toMatchObject({
        pass: 'quick',
        objects: [{ name: 'a', action: 'changed' }],
      });
    } finally {
      await own.remove();
    }
  });

  it('makes anew what cannot be changed in place, and waits for that', async () => {
    const served = await Served.open();
    const first = await served.apply([running('web')]);
    await first.ready(signal(), LONG);
    const { metadata } = await stage.get('deployment/web');
    const other = JSON.parse(
      JSON.stringify(running('web')).replaceAll('"app":"web"', '"app":"other"'),
    ) as Manifest;
    const second = await served.apply([other]);
    expect(second).toMatchObject({
      pass: 'quick',
      objects: [{ name: 'web', action: 'recreated' }],
    });
    await second.ready(signal(), LONG);
    const after = await stage.get('deployment/web');
    expect(after.metadata.uid).not.toBe(metadata.uid);
    expect(served.drifts).toEqual([]);
  });

  it('runs a Job that takes itself away once, and again when it has changed', async () => {
    const job = (text: string): Manifest => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate' },
      spec: {
        ttlSecondsAfterFinished: 1,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'main', image, command: ['echo', text] }],
          },
        },
      },
    });
    const served = await Served.open();
    const gone = () =>
      until('its end', async () => (await stage.names('job')).length === 0);
    const first = await served.apply([job('1'), configMap('a')]);
    await first.ready(signal(), LONG);
    await gone();
    const second = await served.apply([job('1'), configMap('a', { x: '1' })]);
    expect(second.pass).toBe('quick');
    expect(actionsOf(second)).toEqual({ 'ConfigMap/a': 'changed' });
    const more = [configMap('a', { x: '1' }), configMap('b')];
    // Blocked: what is known of it is kept.
    await served.apply([job('unknown'), ...more], ['migrate']);
    expect(actionsOf(await served.apply([job('1'), ...more]))).toMatchObject({
      'Job/migrate': 'finished',
    });
    const changed = await served.apply([job('2'), ...more]);
    expect(actionsOf(changed)).toMatchObject({ 'Job/migrate': 'created' });
    await changed.ready(signal(), LONG);
    await gone();
    await served.set.close();
    const anew = await Served.open();
    expect(actionsOf(await anew.apply([job('2'), ...more]))).toMatchObject({
      'Job/migrate': 'finished',
    });
    expect(served.drifts).toEqual([]);
  });

  it('may bring a kind of its own, whose objects are sent alone from then on', async () => {
    const group = `${stage.name}.example.com`;
    const widget = (size: number) => ({
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name: 'one' },
      spec: { size },
    });
    const both = (size: number) => [
      definitionOf(group, 'Widget'),
      widget(size),
    ];
    const served = await Served.open();
    const first = await served.apply(both(1));
    await first.ready(signal(), LONG);
    expect(await served.apply(both(2))).toMatchObject({
      pass: 'quick',
      objects: [{ name: 'one', action: 'changed' }],
    });
    const merge = ['--type=merge', '--patch', '{"spec":{"size":9}}'];
    await stage.kubectl(['patch', `widgets.${group}`, 'one', ...merge]);
    await eventually('a drift', () => served.drifts.length > 0);
    expect(served.drifts).toMatchObject([
      {
        kind: 'Widget',
        message: 'kubectl-patch changed spec.size from 2 to 9',
      },
    ]);
  });

  it('needs no right to see pods and events', async () => {
    const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
    const on = await stage.clusterOf('server', [
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        verbs: ['get', 'create', 'update', 'delete'],
      },
      { apiGroups: [''], resources: ['configmaps'], verbs },
      { apiGroups: ['apps'], resources: ['deployments'], verbs },
    ]);
    const served = await Served.open({ on });
    served.set.followEvents(() => undefined);
    const first = await served.apply([running('web'), configMap('a')]);
    await first.ready(signal(), LONG);
    const second = await served.apply([running('web', '2'), configMap('a')]);
    expect(second.pass).toBe('quick');
    await second.ready(signal(), LONG);
    served.set.followPods((pods) => expect(pods).toEqual([]));
  });

  it('is closed though the API server does not answer', async () => {
    const api = await FaultyApi.start(stage.cluster.server);
    try {
      const token = await adminTokenOf(stage.sandbox);
      const cancel = new AbortController();
      const options = { signal: cancel.signal };
      const on = await openClusterAt(api.url, token, options);
      const served = await Served.open({ on });
      await served.apply([configMap('a')]);
      api.fault = () => true;
      const start = performance.now();
      await served.set.close();
      // One request may take 35 seconds.
      expect(performance.now() - start).toBeLessThan(10_000);
      cancel.abort();
    } finally {
      await api.stop();
    }
  });

  it('tells of its pods over a rollout, and of the events about them', async () => {
    const served = await Served.open();
    let pods: readonly ServedPod[] = [];
    const events: LiveObject[] = [];
    const end = served.set.followPods((now) => (pods = now));
    served.set.followEvents((event) => events.push(event));
    const first = await served.apply([running('web'), running('other')]);
    await first.ready(signal(), LONG);
    const of = (name: string) =>
      pods.filter(({ owner }) => owner.name === name);
    const newest = () =>
      of('web').find(({ isNewest, isReady }) => isNewest && isReady);
    const before = await eventually('a pod', newest);
    expect(before.owner).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: stage.name,
      name: 'web',
    });
    const second = await served.apply([running('web', '2'), running('other')]);
    await second.ready(signal(), LONG);
    const after = await eventually('another pod', newest);
    expect(after.pod.metadata.uid).not.toBe(before.pod.metadata.uid);
    await eventually('the end of the old', () => of('web').length === 1);
    expect(of('other')).toHaveLength(1);
    await eventually('an event', () =>
      events.some(
        ({ involvedObject, reason }) =>
          (involvedObject as { name?: string }).name ===
            after.pod.metadata.name && reason === 'Started',
      ),
    );
    end();
  });

  it('waits for the newest template alone, and tells what an older pass has left at its end', async () => {
    const served = await Served.open();
    const first = await served.apply([running('web', '1', crashing(3))]);
    const error = await errorOf(first.ready(signal(), LONG));
    expect(error.code).toBe('SLIPWAY_E_NOT_READY');
    expect(error.message).toContain('exit code 3');
    const mended = await served.apply([running('web', '2')]);
    expect(mended.pass).toBe('quick');
    expect((await mended.ready(signal(), LONG)).objects).toMatchObject([
      { name: 'web' },
    ]);
    const cancel = new AbortController();
    const worse = await served.apply([
      running('web', '3', crashing(4)),
      running('api'),
    ]);
    const waiting = errorOf(worse.ready(cancel.signal, LONG));
    cancel.abort();
    expect((await waiting).code).toBe('SLIPWAY_E_CANCELLED');
    const next = await served.apply([
      running('web', '3', crashing(4)),
      running('api', '2'),
    ]);
    const left = await errorOf(next.ready(signal(), LONG));
    expect(left.message).toMatch(/Deployment web .*exit code 4/);
    expect(left.message).not.toContain('Deployment api');
  });

  it('is not disturbed by an API server that is restarted', async () => {
    const spare = await spareApiServer();
    await spare.start();
    try {
      const { reporter } = stage;
      const on = await openClusterAt(spare.url, spare.token, { reporter });
      const served = await Served.open({ on });
      let pods: readonly ServedPod[] = [];
      served.set.followPods((now) => (pods = now));
      const first = await served.apply([
        running('web'),
        configMap('a', { x: '1' }),
      ]);
      await first.ready(signal(), LONG);
      await spare.stop();
      await stage.kubectl([
        ...['patch', 'configmap', 'a', '--type=merge'],
        ...['--patch', '{"data":{"x":"2"}}'],
      ]);
      const { name = '' } = pods[0]?.pod.metadata ?? {};
      await stage.kubectl(['delete', 'pod', name]);
      await spare.start();
      await until('another pod', () =>
        Promise.resolve(
          pods.some(
            ({ pod, isReady }) => isReady && pod.metadata.name !== name,
          ),
        ),
      );
      await eventually('the drift', () => served.drifts.length > 0);
      expect(served.drifts).toMatchObject([{ name: 'a' }]);
      const second = await served.apply([
        running('web', '2'),
        configMap('a', { x: '1' }),
      ]);
      expect(second.pass).toBe('quick');
      await second.ready(signal(), LONG);
      expect(served.drifts).toHaveLength(1);
    } finally {
      await spare.stop();
    }
  });
});
