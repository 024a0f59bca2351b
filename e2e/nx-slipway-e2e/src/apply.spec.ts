import { formatError } from '../../../packages/nx-slipway/src/report';
import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';
import {
  DeployStage,
  actionsOf,
  configMap,
  deployment,
  type Manifest,
} from './support/deploy-stage';
import { definitionOf } from './support/custom-kind';
import { ExtensionApi } from './support/extension-api';
import { adminTokenOf } from './support/open-cluster';

const job = (name: string, command: string, rest: object = {}): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    backoffLimit: 0,
    ...rest,
    template: {
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'main',
            image: 'web:1',
            imagePullPolicy: 'Never',
            command: [command],
          },
        ],
      },
    },
  },
});

const widgets = (group: string) => definitionOf(group, 'Widget');

const widgetOf = (group: string) => ({
  apiVersion: `${group}/v1`,
  kind: 'Widget',
  metadata: { name: 'one' },
  spec: { size: 1 },
});

describe('deploying a manifest set', () => {
  let stage: DeployStage;

  beforeAll(async () => {
    stage = await DeployStage.create('apply');
  });
  afterEach(async () => {
    await stage.down({ deleteData: true, takeover: true });
  });
  afterAll(() => stage.remove());

  it('makes what is new, changes what changed, and leaves the rest as it is', async () => {
    const shop = (image: string) => [
      configMap('settings', { size: '1' }),
      {
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { ports: [{ port: 80 }] },
      },
      deployment('web', image),
      deployment('api', 'api:1'),
    ];
    expect(actionsOf(await stage.deploy(shop('web:1')))).toEqual({
      'ConfigMap/settings': 'created',
      'Service/web': 'created',
      'Deployment/web': 'created',
      'Deployment/api': 'created',
    });
    const kinds = ['configmap/settings', 'service/web', 'deployment/api'];
    const before = await Promise.all(kinds.map((each) => stage.get(each)));
    const web = await stage.get('deployment/web');
    const { objects } = await stage.deploy(shop('web:2'));
    expect(actionsOf({ objects })).toEqual({
      'ConfigMap/settings': 'unchanged',
      'Service/web': 'unchanged',
      'Deployment/web': 'changed',
      'Deployment/api': 'unchanged',
    });
    expect(objects[2]).toMatchObject({
      rolls: true,
      diff: [
        {
          path: 'spec.template.spec.containers[main].image',
          from: 'web:1',
          to: 'web:2',
        },
      ],
    });
    const after = await Promise.all(kinds.map((each) => stage.get(each)));
    expect(after.map(oursOf)).toEqual(before.map(oursOf));
    const changed = await stage.get('deployment/web');
    expect(changed.metadata.generation).toBe(
      Number(web.metadata.generation) + 1,
    );
  });

  it('leaves an object alone that the server sets defaults in, however it is written', async () => {
    const claim = {
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1024Mi' } },
      },
    };
    await stage.deploy([claim]);
    const before = await stage.get('persistentvolumeclaim/data');
    const report = await stage.deploy([claim]);
    expect(actionsOf(report)['PersistentVolumeClaim/data']).toBe('unchanged');
    const after = await stage.get('persistentvolumeclaim/data');
    expect(oursOf(after)).toEqual(oursOf(before));
  });

  it('brings back what somebody has deleted, or has changed', async () => {
    const shop = [configMap('a', { x: '1' }), configMap('b', { x: '1' })];
    await stage.deploy(shop);
    await stage.kubectl(['delete', 'configmap', 'a']);
    await stage.kubectl([
      'patch',
      'configmap',
      'b',
      '--patch',
      '{"data":{"x":"2"}}',
    ]);
    const error = await errorOf(stage.deploy(shop));
    expect(error.code).toBe('SLIPWAY_E_FIELD_CONFLICT');
    expect(error.message).toContain('.data.x is managed by kubectl-patch');
    const report = await stage.deploy(shop, { forceConflicts: true });
    expect(actionsOf(report)).toMatchObject({
      'ConfigMap/a': 'unchanged',
      'ConfigMap/b': 'changed',
    });
  });

  it('tells of what was refused what is applied and what is not, and the next run goes on', async () => {
    const shop = [
      configMap('a'),
      { kind: 'ConfigMap', metadata: { name: 'b' }, data: { x: { y: 'z' } } },
      configMap('c'),
      deployment('web'),
    ];
    const error = await errorOf(stage.deploy(shop));
    expect(formatError(error)).toMatch(
      /^SLIPWAY_E_APPLY: ConfigMap b in \S+ \(shop\.yaml:3\): .*\n {2}applied: ConfigMap a in \S+, ConfigMap c in \S+\n {2}not applied: Deployment web in \S+\n {2}hint: /,
    );
    const mended = [...shop.slice(0, 1), configMap('b'), ...shop.slice(2)];
    expect(actionsOf(await stage.deploy(mended))).toEqual({
      'ConfigMap/a': 'unchanged',
      'ConfigMap/b': 'created',
      'ConfigMap/c': 'unchanged',
      'Deployment/web': 'created',
    });
  });

  it('makes a kind and its objects in one go, and plans them so', async () => {
    const group = `${stage.name}.example.com`;
    const definition = widgets(group);
    const widget = widgetOf(group);
    const both = [widget, definition];
    const made = {
      [`CustomResourceDefinition/widgets.${group}`]: 'created',
      'Widget/one': 'created',
    };
    expect(actionsOf(await stage.plan(both))).toEqual(made);
    expect(actionsOf(await stage.deploy(both))).toEqual(made);
    expect(actionsOf(await stage.deploy(both))).toMatchObject({
      'Widget/one': 'unchanged',
    });
    const [first] = definition.spec.versions;
    const versions = [first, { ...first, name: 'v2', storage: false }];
    const next = [
      { ...widget, apiVersion: `${group}/v2` },
      { ...definition, spec: { ...definition.spec, versions } },
    ];
    expect(Object.values(actionsOf(await stage.plan(next)))).not.toContain(
      'pruned',
    );
    await stage.deploy(next);
    expect((await stage.get(`widgets.${group}/one`)).spec).toEqual({ size: 1 });
  });

  it('makes the objects of an API that the set brings once its server answers', async () => {
    const group = `${stage.name}.served.example`;
    const behind = `${stage.name}.kept.example`;
    await stage.applyByKubectl([widgets(behind)]);
    const extension = await ExtensionApi.start({
      ...{ group, behind },
      upstream: stage.cluster.server,
      token: await adminTokenOf(stage.sandbox),
    });
    const shop = (port: number) => [
      widgetOf(group),
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1.${group}` },
        spec: {
          ...{ group, version: 'v1', insecureSkipTLSVerify: true },
          ...{ groupPriorityMinimum: 100, versionPriority: 100 },
          service: { name: 'extension', namespace: stage.name, port },
        },
      },
      {
        kind: 'Service',
        metadata: { name: 'extension' },
        spec: { type: 'ExternalName', externalName: 'localhost' },
      },
    ];
    let gone: Record<string, string>;
    try {
      const away = await errorOf(stage.deploy(shop(1), { timeout: 3000 }));
      expect(away.code).toBe('SLIPWAY_E_NOT_READY');
      expect(away.message).toContain(`APIService v1.${group} (`);
      expect(actionsOf(await stage.deploy(shop(extension.port)))).toEqual({
        'Widget/one': 'created',
        [`APIService/v1.${group}`]: 'changed',
        'Service/extension': 'unchanged',
      });
      const made = await stage.get(`widgets.${behind}/one`);
      expect(made.spec).toEqual({ size: 1 });
    } finally {
      // Whatever has failed: a broken API is in the way of all namespaces.
      await extension.stop();
      const anew = { cluster: await stage.openWith({}) };
      gone = actionsOf(await stage.down({}, anew));
      await stage.kubectl(['delete', 'crd', `widgets.${behind}`]);
    }
    expect(gone).toEqual({
      [`APIService/v1.${group}`]: 'deleted',
      'Service/extension': 'deleted',
    });
    expect(stage.reporter.lines.join('\n')).toContain(
      `nothing answers for Widget.${group}`,
    );
  });

  it('names the kinds that the cluster does not know, before anything is applied', async () => {
    const gadget = {
      apiVersion: 'acme.example/v1',
      kind: 'Gadget',
      metadata: { name: 'g' },
    };
    const error = await errorOf(stage.deploy([configMap('a'), gadget]));
    expect(error.code).toBe('SLIPWAY_E_KIND_UNKNOWN');
    expect(error.message).toContain('Gadget g (acme.example/v1, shop.yaml:3)');
    expect(await stage.names('configmap')).toEqual([]);
  });

  it('refuses a manifest that the server finds wrong, in its words', async () => {
    const wrong = deployment('web');
    const error = await errorOf(
      stage.deploy([
        { ...wrong, spec: { ...(wrong.spec as object), replica: 1 } },
      ]),
    );
    expect(error.code).toBe('SLIPWAY_E_APPLY');
    expect(error.message).toMatch(/shop\.yaml:1.*\.spec\.replica/);
  });

  describe('what cannot be changed in place', () => {
    const selecting = (app: string): Manifest => {
      const { spec, ...rest } = deployment('web');
      const { template } = spec as { template: { spec: object } };
      const labels = { app };
      return {
        ...rest,
        spec: {
          selector: { matchLabels: labels },
          template: { ...template, metadata: { labels } },
        },
      };
    };

    it('is made anew on a local cluster', async () => {
      await stage.deploy([selecting('a')]);
      const { metadata } = await stage.get('deployment/web');
      expect(actionsOf(await stage.plan([selecting('b')]))).toEqual({
        'Deployment/web': 'recreated',
      });
      const report = await stage.deploy([selecting('b')]);
      expect(actionsOf(report)).toEqual({ 'Deployment/web': 'recreated' });
      const { uid } = (await stage.get('deployment/web')).metadata;
      expect(uid).not.toBe(metadata.uid);
    });

    it('is refused elsewhere, until it is named', async () => {
      await stage.deploy([selecting('a')]);
      const elsewhere = { isLocal: false };
      expect(actionsOf(await stage.plan([selecting('b')], elsewhere))).toEqual({
        'Deployment/web': 'refused',
      });
      const error = await errorOf(stage.deploy([selecting('b')], elsewhere));
      expect(error.code).toBe('SLIPWAY_E_IMMUTABLE');
      expect(error.message).toContain('spec.selector');
      expect(error.hint).toContain('--recreate=deployment/web');
      const named = { ...elsewhere, recreate: ['Deployments/web'] };
      const report = await stage.deploy([selecting('b')], named);
      expect(actionsOf(report)).toEqual({ 'Deployment/web': 'recreated' });
    });

    it('is refused for what may hold data, on a local cluster, too', async () => {
      const claim = (storage: string) => ({
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data' },
        spec: {
          accessModes: [storage],
          resources: { requests: { storage: '1Gi' } },
        },
      });
      await stage.deploy([claim('ReadWriteOnce')]);
      const error = await errorOf(stage.deploy([claim('ReadWriteMany')]));
      expect(error.code).toBe('SLIPWAY_E_IMMUTABLE');
      expect(error.hint).toContain('what only it knows is lost');
    });

    it('refuses to make anew what is not in the set', async () => {
      const error = await errorOf(
        stage.deploy([configMap('settings')], {
          recreate: ['configmap/setings'],
        }),
      );
      expect(error.code).toBe('SLIPWAY_E_OPTION_INVALID');
      expect(error.hint).toContain('configmap/settings');
    });
  });

  describe('Jobs', () => {
    const ended = (type: string) => ({
      status: {
        startTime: '2026-01-01T00:00:00Z',
        completionTime:
          type === 'Complete' ? '2026-01-01T00:00:01Z' : undefined,
        conditions: [
          {
            type: `${type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'}`,
            status: 'True',
          },
          { type, status: 'True' },
        ],
      },
    });
    /** Its pod has no image; what the controller would write is written here. */
    const end = (name: string, type: string) =>
      stage.kubectl([
        ...['patch', 'job', name, '--subresource=status', '--type=merge'],
        ...['--patch', JSON.stringify(ended(type))],
      ]);

    it('that are as they were are left, also when they have ended', async () => {
      await stage.deploy([job('migrate', 'true', { suspend: true })]);
      await end('migrate', 'Complete');
      const { metadata } = await stage.get('job/migrate');
      const report = await stage.deploy([
        job('migrate', 'true', { suspend: true }),
      ]);
      expect(actionsOf(report)).toEqual({ 'Job/migrate': 'unchanged' });
      expect((await stage.get('job/migrate')).metadata.uid).toBe(metadata.uid);
    });

    it('that changed run again, anywhere if they have ended', async () => {
      const elsewhere = { isLocal: false };
      const suspended = { suspend: true };
      await stage.deploy([job('migrate', 'true', suspended)], elsewhere);
      const changed = [job('migrate', 'false', suspended)];
      const error = await errorOf(stage.deploy(changed, elsewhere));
      expect(error.code).toBe('SLIPWAY_E_IMMUTABLE');
      await end('migrate', 'Failed');
      const report = await stage.deploy(changed, elsewhere);
      expect(actionsOf(report)).toEqual({ 'Job/migrate': 'recreated' });
    });

    it('run again on demand', async () => {
      await stage.deploy([job('migrate', 'true')]);
      const { metadata } = await stage.get('job/migrate');
      const rerun = { rerun: ['migrate'] };
      expect(
        actionsOf(await stage.plan([job('migrate', 'true')], rerun)),
      ).toEqual({
        'Job/migrate': 'recreated',
      });
      await stage.deploy([job('migrate', 'true')], rerun);
      expect((await stage.get('job/migrate')).metadata.uid).not.toBe(
        metadata.uid,
      );
    });

    it('that took themselves away are not run again, until they change', async () => {
      const migrate = (command: string) =>
        job('migrate', command, { ttlSecondsAfterFinished: 0 });
      await stage.deploy([migrate('true')]);
      await stage.kubectl(['delete', 'job', 'migrate']);
      expect(actionsOf(await stage.plan([migrate('true')]))).toEqual({
        'Job/migrate': 'finished',
      });
      expect(actionsOf(await stage.deploy([migrate('true')]))).toEqual({
        'Job/migrate': 'finished',
      });
      expect(actionsOf(await stage.deploy([migrate('false')]))).toEqual({
        'Job/migrate': 'created',
      });
    });
  });

  it('waits for the end of an object that is being deleted', async () => {
    const held = {
      ...configMap('a'),
      metadata: { name: 'a', finalizers: ['example.com/hold'] },
    };
    await stage.applyByKubectl([held]);
    await stage.kubectl(['delete', 'configmap', 'a', '--wait=false']);
    const deploying = stage.deploy([configMap('a')]);
    await stage.waitForLine(/ConfigMap a in \S+ is being deleted/);
    await stage.kubectl([
      ...['patch', 'configmap', 'a', '--type=merge'],
      ...['--patch', '{"metadata":{"finalizers":null}}'],
    ]);
    expect(actionsOf(await deploying)).toEqual({ 'ConfigMap/a': 'created' });
  });

  it('never shows a value of a Secret', async () => {
    const secret = (password: string) => ({
      kind: 'Secret',
      metadata: { name: 'login' },
      stringData: { password },
    });
    await stage.deploy([secret('first-secret')]);
    const plan = await stage.plan([secret('second-secret')]);
    const report = await stage.deploy([secret('second-secret')]);
    expect(actionsOf(report)).toEqual({ 'Secret/login': 'changed' });
    expect(report.objects[0]?.diff).toContainEqual({ path: 'data.password' });
    const shown = JSON.stringify([plan, report]);
    for (const text of ['first-secret', 'second-secret']) {
      expect(shown).not.toContain(text);
      expect(shown).not.toContain(Buffer.from(text).toString('base64'));
    }
  });
});

/** The entry of ours, with its time, and how often the object changed. */
function oursOf({ metadata }: Awaited<ReturnType<DeployStage['get']>>) {
  const { generation, managedFields } = metadata;
  const ours = managedFields.find(({ manager }) => manager === 'nx-slipway');
  return { generation, ours };
}
