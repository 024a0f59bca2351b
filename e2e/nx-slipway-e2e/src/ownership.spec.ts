import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';
import {
  DeployStage,
  actionsOf,
  configMap,
  deployment,
  type Manifest,
  type StoredObject,
  until,
} from './support/deploy-stage';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const PART_OF = 'applyset.kubernetes.io/part-of';

describe('objects that others have made', () => {
  let stage: DeployStage;

  beforeAll(async () => {
    stage = await DeployStage.create('ownership');
  });
  afterEach(async () => {
    await stage.down({ deleteData: true, takeover: true });
  });
  afterAll(() => stage.remove());

  async function podOf(app: string): Promise<string> {
    const args = ['get', 'pods', '-l', `app=${app}`, '-o', 'name'];
    return until(
      'a pod',
      async () => (await stage.kubectl(args)).trim() || undefined,
    );
  }

  const writesTo = ({ metadata }: StoredObject) =>
    metadata.managedFields.filter((entry) => !('subresource' in entry));

  const managersOf = async (what: string) =>
    writesTo(await stage.get(what)).map(({ manager }) => manager);

  const service: Manifest = {
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  };

  it('by kubectl apply move over: no field is left, and no pod is restarted', async () => {
    const shop = [
      configMap('settings', { size: '1' }),
      service,
      deployment('web'),
    ];
    await stage.applyByKubectl([
      { ...configMap('settings', { size: '1', old: 'x' }) },
      { ...service, metadata: { name: 'web', annotations: { old: 'x' } } },
      deployment('web'),
    ]);
    const pod = await podOf('web');
    const before = await stage.get('deployment/web');
    expect(actionsOf(await stage.plan(shop))).toEqual({
      'ConfigMap/settings': 'changed',
      'Service/web': 'changed',
      'Deployment/web': 'changed',
    });
    const { objects } = await stage.deploy(shop);
    expect(objects.map(({ reason, rolls }) => ({ reason, rolls }))).toEqual(
      shop.map(() => ({
        reason: 'taken over from kubectl-client-side-apply',
        rolls: undefined,
      })),
    );
    expect(objects[0]?.diff).toEqual([{ path: 'data.old', from: 'x' }]);
    const after = await stage.get('deployment/web');
    // The generation of a Deployment counts its annotations, too: one goes.
    expect(after.spec).toEqual(before.spec);
    expect(await podOf('web')).toBe(pod);
    const settings = await stage.get('configmap/settings');
    expect(settings.data).toEqual({ size: '1' });
    for (const what of [
      'configmap/settings',
      'service/web',
      'deployment/web',
    ]) {
      expect(await managersOf(what)).toEqual(['nx-slipway']);
      const { metadata } = await stage.get(what);
      expect(metadata.annotations ?? {}).not.toHaveProperty([LAST_APPLIED]);
      expect(metadata.annotations ?? {}).not.toHaveProperty('old');
    }
    expect(actionsOf(await stage.deploy(shop))).toEqual({
      'ConfigMap/settings': 'unchanged',
      'Service/web': 'unchanged',
      'Deployment/web': 'unchanged',
    });
  });

  it('by kubectl apply --server-side keep what kubectl owns, and the annotation goes', async () => {
    await stage.applyByKubectl([configMap('settings', { size: '1' })]);
    await stage.applyByKubectl(
      [configMap('settings', { size: '1', theirs: 'x' })],
      ...['--server-side', '--force-conflicts'],
    );
    await stage.deploy([configMap('settings', { size: '1' })]);
    const { data, metadata } = await stage.get('configmap/settings');
    expect(data).toEqual({ size: '1', theirs: 'x' });
    expect(metadata.managedFields.map(({ manager }) => manager)).toContain(
      'kubectl',
    );
    expect(metadata.annotations ?? {}).not.toHaveProperty([LAST_APPLIED]);
  });

  /** What Tilt makes of a Deployment (reference/tilt-custom-build.md, 10). */
  const byTilt = (image: string): Manifest => {
    const { spec, ...rest } = deployment('web', image);
    const { template, selector } = spec as {
      selector: object;
      template: { spec: object; metadata: { labels: object } };
    };
    const labels = { 'app.kubernetes.io/managed-by': 'tilt' };
    return {
      ...rest,
      metadata: { name: 'web', labels },
      spec: {
        selector,
        template: {
          ...template,
          metadata: {
            labels: {
              ...template.metadata.labels,
              ...labels,
              'tilt.dev/pod-template-hash': '1a2b3c',
            },
          },
        },
      },
    };
  };

  it('by Tilt lose all that Tilt owned, roll once, and the plan says why', async () => {
    const tilted = {
      ...configMap('settings'),
      metadata: {
        name: 'settings',
        labels: { 'app.kubernetes.io/managed-by': 'tilt' },
      },
    };
    await stage.applyByKubectl(
      [tilted, byTilt('web:tilt-123')],
      '--field-manager=tilt',
    );
    const before = await stage.get('deployment/web');
    const shop = [configMap('settings'), deployment('web', 'web:nx-1')];
    const { objects } = await stage.plan(shop);
    expect(objects[0]).toMatchObject({
      action: 'changed',
      reason: 'taken over from tilt',
    });
    expect(objects[0]).not.toHaveProperty('rolls');
    expect(objects[1]).toMatchObject({ action: 'changed', rolls: true });
    expect(objects[1]?.reason).toContain(
      'metadata.labels["tilt.dev/pod-template-hash"] leaves its pod template',
    );
    // Its controllers write its status at any time; a plan writes nothing.
    const planned = await stage.get('deployment/web');
    expect(writesTo(planned)).toEqual(writesTo(before));
    const report = await stage.deploy(shop);
    expect(report.objects[1]).toMatchObject({ action: 'changed', rolls: true });
    const after = await stage.get('deployment/web');
    expect(after.metadata.generation).toBe(
      Number(before.metadata.generation) + 1,
    );
    expect(after.metadata.labels).toEqual({
      [PART_OF]: expect.any(String) as string,
    });
    expect(JSON.stringify(after)).not.toContain('tilt');
    expect(await managersOf('deployment/web')).toEqual(['nx-slipway']);
  });

  it('are said to be in conflict by object, field and manager, all at once', async () => {
    await stage.applyByKubectl(
      [configMap('a', { x: '1', y: '1' }), configMap('b', { x: '1' })],
      ...['--server-side', '--field-manager=helm'],
    );
    const shop = [
      configMap('a', { x: '2', y: '2' }),
      configMap('b', { x: '2' }),
      configMap('c', { x: '2' }),
    ];
    const plan = await stage.plan(shop);
    expect(actionsOf(plan)).toEqual({
      'ConfigMap/a': 'refused',
      'ConfigMap/b': 'refused',
      'ConfigMap/c': 'created',
    });
    const error = await errorOf(stage.deploy(shop));
    expect(error.code).toBe('SLIPWAY_E_FIELD_CONFLICT');
    expect(error.message).toMatch(
      /^2 objects were refused:\n.*ConfigMap a .*\.data\.x is managed by helm, \.data\.y is managed by helm\n.*ConfigMap b .*\.data\.x is managed by helm\n {2}applied: ConfigMap c/,
    );
    await stage.deploy(shop, { forceConflicts: true });
    expect((await stage.get('configmap/a')).data).toEqual({ x: '2', y: '2' });
  });

  it('are shared where others set the same values', async () => {
    await stage.applyByKubectl(
      [configMap('a', { x: '1' })],
      ...['--server-side', '--field-manager=helm'],
    );
    const report = await stage.deploy([configMap('a', { x: '1' })]);
    expect(report.objects[0]).toMatchObject({
      action: 'changed',
      reason: 'it was there, and is of this set now',
    });
  });

  it('says of replicas that an autoscaler sets to take them out of the manifest', async () => {
    const { spec, ...rest } = deployment('web');
    const scaled = { ...rest, spec: { ...(spec as object), replicas: 0 } };
    await stage.deploy([scaled]);
    await stage.kubectl([
      ...['patch', 'deployment', 'web', '--subresource=scale', '--type=merge'],
      ...['--patch', '{"spec":{"replicas":1}}'],
    ]);
    const error = await errorOf(stage.deploy([scaled]));
    expect(error.code).toBe('SLIPWAY_E_FIELD_CONFLICT');
    expect(error.message).toContain(
      '.spec.replicas is managed by kubectl-patch (scale)',
    );
    expect(error.hint).toContain('take replicas out of the manifest');
    const report = await stage.deploy([deployment('web')]);
    expect(actionsOf(report)).toEqual({ 'Deployment/web': 'unchanged' });
    expect((await stage.get('deployment/web')).spec).toMatchObject({
      replicas: 1,
    });
  });

  it('are of one set alone: both are named', async () => {
    await stage.deploy([configMap('shared'), configMap('own')]);
    const error = await errorOf(
      stage.deployAs('other', [configMap('shared'), configMap('new')]),
    );
    expect(error.code).toBe('SLIPWAY_E_SET_CLAIMED');
    expect(error.message).toMatch(
      /ConfigMap shared in \S+ is of project shop of the workspace .*project other of the workspace/,
    );
    expect(await stage.names('configmap', '-l', PART_OF)).toEqual([
      'configmap/own',
      'configmap/shared',
    ]);
  });
});
