import { sandboxEnv } from '@nx-slipway/sandbox';
import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';
import { definitionOf } from './support/custom-kind';
import {
  DeployStage,
  actionsOf,
  configMap,
  deployment,
  type Manifest,
  until,
} from './support/deploy-stage';
import { run } from './support/run';

const claim: Manifest = {
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  },
};

describe('taking down a manifest set', () => {
  let stage: DeployStage;

  beforeEach(async () => {
    stage = await DeployStage.create('down');
  });
  afterEach(() => stage.remove());

  const left = () => stage.names('configmap,deployment,pod,service,pvc,lease');

  it('deletes all of it, and at last its inventory, without the manifests', async () => {
    const service = {
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    };
    await stage.deploy([configMap('a'), service, deployment('web', 'web:7')]);
    const planned = await stage.down({ dryRun: true });
    expect(await left()).toContain('deployment.apps/web');
    const report = await stage.down();
    expect(report).toEqual(planned);
    expect(actionsOf(report)).toEqual({
      'ConfigMap/a': 'deleted',
      'Service/web': 'deleted',
      'Deployment/web': 'deleted',
    });
    expect(report.images).toEqual(['web:7']);
    expect(await left()).toEqual([]);
  });

  it('says that there is nothing, and is content', async () => {
    expect(await stage.down()).toEqual({ objects: [], images: [] });
    expect(stage.reporter.lines).toContain(`nothing of it is in ${stage.name}`);
    expect(await left()).toEqual([]);
  });

  it('keeps data and namespaces, and finds them again when it is told to take them', async () => {
    const second = `${stage.name}-two`;
    await stage.deploy([
      { kind: 'Namespace', metadata: { name: second } },
      claim,
      configMap('a'),
      {
        ...configMap('b'),
        metadata: {
          name: 'b',
          annotations: { 'nx-slipway.dev/down-policy': 'keep' },
        },
      },
    ]);
    const kept = {
      [`Namespace/${second}`]: 'kept',
      'PersistentVolumeClaim/data': 'kept',
      'ConfigMap/b': 'kept',
    };
    expect(actionsOf(await stage.down())).toEqual({
      ...kept,
      'ConfigMap/a': 'deleted',
    });
    expect(actionsOf(await stage.down())).toEqual(kept);
    const all = { deleteData: true, deleteNamespaces: true };
    expect(Object.values(actionsOf(await stage.down(all)))).toEqual(
      Object.keys(kept).map(() => 'deleted'),
    );
    expect(await left()).toEqual([]);
  });

  describe('with the namespaces', () => {
    const second = () => `${stage.name}-two`;
    const namespace = (name: string): Manifest => ({
      kind: 'Namespace',
      metadata: { name },
    });
    const inSecond = (manifest: Manifest): Manifest => ({
      ...manifest,
      metadata: { ...manifest.metadata, namespace: second() },
    });
    const bare = { deleteNamespaces: true };

    it('takes the one of the inventory last, and is content that it has gone', async () => {
      await stage.deploy([
        namespace(stage.name),
        namespace(second()),
        configMap('a'),
      ]);
      // It takes its time to go, and the Lease goes first.
      const held = {
        ...configMap('late'),
        metadata: { name: 'late', finalizers: ['example.com/hold'] },
      };
      await stage.applyByKubectl([held]);
      const { cluster, renewals } = stage.watchingRenewals();
      const going = stage.down(bare, { cluster });
      await until('a renewal in vain', async () => {
        const leases = await stage.names('lease');
        return leases.length === 0 && renewals.some((status) => status >= 400);
      });
      await stage.kubectl([
        ...['patch', 'configmap', 'late', '--type=merge'],
        ...['--patch', '{"metadata":{"finalizers":null}}'],
      ]);
      expect(actionsOf(await going)).toEqual({
        'ConfigMap/a': 'deleted',
        [`Namespace/${second()}`]: 'deleted',
        [`Namespace/${stage.name}`]: 'deleted',
      });
      await stage.kubectl(['create', 'namespace', stage.name]);
    });

    it('keeps those that hold what is kept, and the one of the inventory with them', async () => {
      const kept = {
        ...inSecond(configMap('b')),
        metadata: {
          ...inSecond(configMap('b')).metadata,
          annotations: { 'nx-slipway.dev/down-policy': 'keep' },
        },
      };
      const shop = [namespace(stage.name), namespace(second()), configMap('a')];
      await stage.deploy([...shop, kept]);
      const planned = await stage.down({ ...bare, dryRun: true });
      const report = await stage.down(bare);
      expect(report).toEqual(planned);
      expect(report.objects).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            ...{ kind: 'Namespace', name: second(), action: 'kept' },
            reason: `ConfigMap b in ${second()} is in it, and is kept`,
          }),
          expect.objectContaining({
            ...{ kind: 'Namespace', name: stage.name, action: 'kept' },
            reason: 'the inventory of what is kept is in it',
          }),
        ]),
      );
      await stage.applyByKubectl([inSecond(claim)], `--namespace=${second()}`);
      const [again] = (await stage.down(bare)).objects.filter(
        ({ name }) => name === second(),
      );
      expect(again).toMatchObject({
        action: 'kept',
        reason: 'volume claims in it may hold data: data',
      });
      const all = { deleteData: true, deleteNamespaces: true };
      const actions = Object.values(actionsOf(await stage.down(all)));
      expect(new Set(actions)).toEqual(new Set(['deleted']));
      await stage.kubectl(['create', 'namespace', stage.name]);
    });

    it('keeps one that is annotated to be kept', async () => {
      const annotations = { 'tilt.dev/down-policy': 'keep' };
      await stage.deploy([
        { kind: 'Namespace', metadata: { name: second(), annotations } },
      ]);
      expect(actionsOf(await stage.down(bare))).toEqual({
        [`Namespace/${second()}`]: 'kept',
      });
      await stage.down({ deleteData: true, deleteNamespaces: true });
    });
  });

  it('takes a StatefulSet, and leaves the claims of its pods', async () => {
    await stage.deploy([
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db' },
        spec: {
          selector: { matchLabels: { app: 'db' } },
          template: {
            metadata: { labels: { app: 'db' } },
            spec: { containers: [{ name: 'main', image: 'db:1' }] },
          },
          volumeClaimTemplates: [
            { metadata: { name: 'data' }, spec: claim.spec },
          ],
        },
      },
    ]);
    await until('the claim', async () => (await stage.names('pvc')).length > 0);
    expect(actionsOf(await stage.down())).toEqual({
      'StatefulSet/db': 'deleted',
    });
    expect(await left()).toEqual(['persistentvolumeclaim/data-db-0']);
  });

  it('skips a kind that is gone from the cluster, and says so', async () => {
    const group = `${stage.name}.example.com`;
    const definition = definitionOf(group, 'Widget');
    const widget = {
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name: 'one' },
    };
    await stage.deploy([definition, widget, configMap('a')]);
    await run('kubectl', ['delete', 'crd', `widgets.${group}`], {
      env: sandboxEnv(stage.sandbox),
    });
    expect(actionsOf(await stage.down())).toEqual({ 'ConfigMap/a': 'deleted' });
    expect(stage.reporter.lines.join('\n')).toContain(
      `does not know Widget.${group} any more`,
    );
    expect(await left()).toEqual([]);
  });

  it('says what holds an object that does not go, and finds it again', async () => {
    const held = {
      ...configMap('a'),
      metadata: { name: 'a', finalizers: ['example.com/hold'] },
    };
    await stage.deploy([held]);
    const error = await errorOf(stage.down({ timeout: 500 }));
    expect(error.code).toBe('SLIPWAY_E_NOT_READY');
    expect(error.message).toContain(
      `ConfigMap a in ${stage.name} (example.com/hold)`,
    );
    await stage.kubectl([
      ...['patch', 'configmap', 'a', '--type=merge'],
      ...['--patch', '{"metadata":{"finalizers":null}}'],
    ]);
    await stage.down();
    expect(await left()).toEqual([]);
  });

  it('stops when it is cancelled, lets the set go, and goes on the next time', async () => {
    const held = {
      ...configMap('a'),
      metadata: { name: 'a', finalizers: ['example.com/hold'] },
    };
    await stage.deploy([held, deployment('web')]);
    const cancel = new AbortController();
    const cluster = await stage.openWith({ signal: cancel.signal });
    const going = errorOf(stage.down({}, { cluster, signal: cancel.signal }));
    await until('the deletion', async () => {
      const { metadata } = await stage.get('configmap/a');
      return metadata.deletionTimestamp;
    });
    cancel.abort();
    expect((await going).code).toBe('SLIPWAY_E_CANCELLED');
    const [lease = ''] = await stage.names('lease');
    expect((await stage.get(lease)).spec).not.toHaveProperty('holderIdentity');
    await stage.kubectl([
      ...['patch', 'configmap', 'a', '--type=merge'],
      ...['--patch', '{"metadata":{"finalizers":null}}'],
    ]);
    await stage.down();
    expect(await left()).toEqual([]);
  });
});
