import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { spareApiServer, type SpareApiServer } from '@nx-slipway/sandbox';
import type { Cluster } from '../../../packages/nx-slipway/src/cluster';
import { deploySet } from '../../../packages/nx-slipway/src/deploy';
import { holdSet } from '../../../packages/nx-slipway/src/deploy/lease';
import { identityOf } from '../../../packages/nx-slipway/src/state';
import { recordingReporter } from '../../../packages/nx-slipway/src/testing/recording-reporter';
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
import { adminTokenOf, openClusterAt } from './support/open-cluster';

const many = (count: number) =>
  Array.from({ length: count }, (_, at) => configMap(`c${at}`));
const held = (name: string): Manifest => ({
  ...configMap(name),
  metadata: { name, finalizers: ['example.com/hold'] },
});
const letGo = (stage: DeployStage, what: string) =>
  stage.kubectl([
    ...['patch', what, '--type=merge'],
    ...['--patch', '{"metadata":{"finalizers":null}}'],
  ]);

describe('faults of a deploy', () => {
  let stage: DeployStage;

  beforeEach(async () => {
    stage = await DeployStage.create('faults');
  });
  afterEach(() => stage.remove());

  describe('two at work on one set', () => {
    const TIMES = { duration: 1000, renewEvery: 200, lookEvery: 50 };
    const place = () => ({ name: 'set', namespace: stage.name });
    const hold = (holder: string, takeover = false) =>
      holdSet(place(), { takeover }, stage.systems({ holder }), TIMES);

    it('the second is told of the first, as long as it is heard of', async () => {
      const first = await hold('bob@desk pid 9 shop:serve');
      const error = await errorOf(hold('ann@desk pid 7 shop:deploy'));
      expect(error.code).toBe('SLIPWAY_E_SET_BUSY');
      expect(error.message).toMatch(/^bob@desk pid 9 shop:serve is at work on/);
      expect(error.hint).toContain('--takeover');
      await first.release();
      await (await hold('ann@desk pid 7 shop:deploy')).release();
    });

    it('takes the set from one that is heard of no more', async () => {
      await writeLease('bob@far pid 9 shop:deploy');
      const second = await hold('ann@desk pid 7 shop:deploy');
      expect(stage.reporter.lines).toContain(
        'bob@far pid 9 shop:deploy has not been heard of: taking its set',
      );
      await second.remove();
    });

    it('takes it at once from a process of this machine that has ended', async () => {
      const child = spawn('sleep', ['60']);
      const identity = await identityOf(child.pid ?? 0);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await writeLease(
        `bob@desk pid ${child.pid} shop:deploy ${identity}`,
        3600,
      );
      const second = await hold('ann@desk pid 7 shop:deploy');
      expect(stage.reporter.lines).toEqual([]);
      await second.remove();
    });

    it('the one that it is taken from stops before it writes again', async () => {
      const first = await hold('bob@desk pid 9 shop:serve');
      const second = await hold('ann@desk pid 7 shop:deploy', true);
      const error = await errorOf(first.assertHeld());
      expect(error.code).toBe('SLIPWAY_E_SET_BUSY');
      expect(error.message).toMatch(/^ann@desk pid 7/);
      await first.release();
      await second.assertHeld();
      await second.release();
    });

    it('a deploy stops for it in the middle, and says what is applied', async () => {
      await stage.applyByKubectl([held('c0')]);
      await stage.kubectl(['delete', 'configmap', 'c0', '--wait=false']);
      const { cluster, renewals } = stage.watchingRenewals();
      const shop = [...many(2), deployment('web')];
      const first = errorOf(stage.deploy(shop, {}, { cluster }));
      await stage.waitForLine(/c0 in \S+ is being deleted/);
      const [lease = ''] = await stage.names('lease');
      const { spec } = await stage.get(lease);
      const stolen = { ...(spec as object), holderIdentity: 'eve@desk pid 1' };
      await stage.kubectl([
        ...['patch', lease, '--type=merge', '--patch'],
        JSON.stringify({ spec: stolen }),
      ]);
      // Every five seconds the Lease is renewed, and then it is noticed.
      await eventually('a renewal', () => renewals.includes(409));
      await letGo(stage, 'configmap/c0');
      const error = await first;
      expect(error.code).toBe('SLIPWAY_E_SET_BUSY');
      expect(error.message).toMatch(
        /^eve@desk pid 1 is at work .*\n {2}applied: ConfigMap c1 .*\n {2}not applied: ConfigMap c0 .*, Deployment web/,
      );
      await stage.kubectl(['delete', lease]);
      await stage.deploy(shop);
    });

    it('is not written to, nor is its inventory, by one that has lost it at the start', async () => {
      let now = 0;
      const cluster: Cluster = {
        ...stage.cluster,
        request: async (request) => {
          const found = await stage.cluster.request(request);
          const [lease] = request.path.includes('part-of')
            ? await stage.names('lease')
            : [];
          if (lease && now === 0) {
            now = 3_600_000;
            await stage.kubectl([
              ...['patch', lease, '--type=merge', '--patch'],
              '{"spec":{"holderIdentity":"eve@desk pid 1"}}',
            ]);
          }
          return found;
        },
      };
      const systems = { cluster, now: () => now };
      const error = await errorOf(stage.deploy(many(2), {}, systems));
      expect(error.code).toBe('SLIPWAY_E_SET_BUSY');
      expect(await stage.names('configmap')).toEqual([]);
    });

    const writeLease = (holderIdentity: string, leaseDurationSeconds = 1) =>
      stage.applyByKubectl([
        {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name: 'set' },
          spec: { holderIdentity, leaseDurationSeconds },
        },
      ]);
  });

  describe('namespaces', () => {
    const second = () => `${stage.name}-two`;
    const there = (name: string): Manifest => ({
      ...configMap(name),
      metadata: { name, namespace: second() },
    });
    const removeSecond = () =>
      stage.kubectl(['delete', 'namespace', second(), '--wait=false']);

    it('that are missing are said to be, or made; they are not of the set', async () => {
      const shop = [configMap('a'), there('b')];
      expect(actionsOf(await stage.plan(shop))).toMatchObject({
        'ConfigMap/b': 'refused',
      });
      const error = await errorOf(stage.deploy(shop));
      expect(error.code).toBe('SLIPWAY_E_NAMESPACE');
      expect(error.message).toBe(`the namespace ${second()} is not there.`);
      expect(error.hint).toContain('--create-namespace');
      await stage.deploy(shop, { createNamespace: true });
      await stage.down({ deleteNamespaces: true });
      await stage.kubectl(['get', 'namespace', second()]);
      await removeSecond();
    });

    it('that are in the set come first, the one of the inventory, too', async () => {
      const set = stage.set([
        configMap('a'),
        { kind: 'Namespace', metadata: { name: second() } },
      ]);
      const report = await deploySet(
        { ...set, namespace: second() },
        OPTIONS,
        stage.systems(),
      );
      expect(actionsOf(report)).toEqual({
        'ConfigMap/a': 'created',
        [`Namespace/${second()}`]: 'created',
      });
      await removeSecond();
    });

    it('that are being deleted are waited for', async () => {
      await stage.kubectl(['create', 'namespace', second()]);
      await stage.applyByKubectl(
        [
          {
            ...held('last'),
            metadata: { ...held('last').metadata, namespace: second() },
          },
        ],
        `--namespace=${second()}`,
      );
      await removeSecond();
      const short = { createNamespace: true, timeout: 300 };
      const error = await errorOf(stage.deploy([there('b')], short));
      expect(error.code).toBe('SLIPWAY_E_NAMESPACE');
      expect(error.message).toContain('does not go');
      const deploying = stage.deploy([there('b')], { createNamespace: true });
      await stage.waitForLine(/is being deleted; waiting for its end/);
      await stage.kubectl([
        ...['patch', 'configmap', 'last', `--namespace=${second()}`],
        ...['--type=merge', '--patch', '{"metadata":{"finalizers":null}}'],
      ]);
      expect(actionsOf(await deploying)).toEqual({ 'ConfigMap/b': 'created' });
      await removeSecond();
    });
  });

  describe('a user who may do little', () => {
    const MINIMAL = [
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        verbs: ['get', 'create', 'update', 'delete'],
      },
      {
        apiGroups: [''],
        resources: ['configmaps', 'services'],
        verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
      },
      {
        apiGroups: ['apps'],
        resources: ['deployments'],
        verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
      },
    ];

    it('deploys, changes, prunes and takes down with a role in one namespace', async () => {
      const cluster = await stage.clusterOf('deployer', MINIMAL);
      const service = {
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
      };
      const shop = [configMap('a', { x: '1' }), service, deployment('web')];
      await stage.plan(shop, {}, { cluster });
      await stage.deploy(shop, {}, { cluster });
      const notice = `namespaces may not be read, and are taken to be there: ${stage.name}`;
      expect(stage.reporter.lines).toEqual([notice, notice]);
      const changed = [configMap('a', { x: '2' }), deployment('web')];
      expect(actionsOf(await stage.deploy(changed, {}, { cluster }))).toEqual({
        'ConfigMap/a': 'changed',
        'Deployment/web': 'unchanged',
        'Service/web': 'pruned',
      });
      expect(actionsOf(await stage.down({}, { cluster }))).toEqual({
        'ConfigMap/a': 'deleted',
        'Deployment/web': 'deleted',
      });
    });

    it('is told of the right that is missing, and goes on with it', async () => {
      const rules = [
        ...MINIMAL.slice(0, 2),
        { ...MINIMAL[2], verbs: ['get', 'list'] },
      ];
      const cluster = await stage.clusterOf('deployer', rules);
      const shop = [configMap('a'), deployment('web')];
      const error = await errorOf(stage.deploy(shop, {}, { cluster }));
      expect(error.code).toBe('SLIPWAY_E_CLUSTER_REFUSED');
      expect(error.message).toContain(
        `you may not patch deployments.apps in the namespace ${stage.name}`,
      );
      expect(error.message).toMatch(/\n {2}applied: ConfigMap a in /);
      expect(error.hint).toContain('verbs: ["patch"]');
      const more = await stage.clusterOf('deployer', MINIMAL);
      expect(
        actionsOf(await stage.deploy(shop, {}, { cluster: more })),
      ).toEqual({
        'ConfigMap/a': 'unchanged',
        'Deployment/web': 'created',
      });
    });
  });

  describe('what stands before the API', () => {
    const service = (name: string): Manifest => ({
      kind: 'Service',
      metadata: { name },
      spec: { ports: [{ port: 80 }] },
    });
    const inNamespace = () => ({
      namespaceSelector: {
        matchLabels: { 'kubernetes.io/metadata.name': stage.name },
      },
    });
    const rule = {
      apiGroups: [''],
      apiVersions: ['v1'],
      operations: ['CREATE'],
      resources: ['services'],
    };
    const group = 'admissionregistration.k8s.io/v1';
    const refusal = async () => {
      await until('a refusal', async () => {
        const plan = await stage.plan([service('probe')]);
        return plan.objects[0]?.action === 'refused';
      });
    };

    it('a policy that denies is quoted, and what it lets pass is applied', async () => {
      const { name } = stage;
      await stage.applyByKubectl([
        {
          apiVersion: group,
          kind: 'ValidatingAdmissionPolicy',
          metadata: { name },
          spec: {
            matchConstraints: { resourceRules: [rule] },
            validations: [
              { expression: 'false', message: 'services are for others' },
            ],
          },
        },
        {
          apiVersion: group,
          kind: 'ValidatingAdmissionPolicyBinding',
          metadata: { name },
          spec: {
            policyName: name,
            validationActions: ['Deny'],
            matchResources: inNamespace(),
          },
        },
      ]);
      const remove = () =>
        stage.kubectl([
          'delete',
          `validatingadmissionpolicybinding/${name}`,
          `validatingadmissionpolicy/${name}`,
        ]);
      try {
        await refusal();
        const shop = [configMap('a'), service('web')];
        const error = await errorOf(stage.deploy(shop));
        expect(error.message).toMatch(/^Service web .*services are for others/);
        expect(error.message).toMatch(/applied: ConfigMap a/);
      } finally {
        await remove();
      }
      await stage.deploy([configMap('a')]);
    });

    it('a webhook that does not answer is named', async () => {
      const { name } = stage;
      await stage.applyByKubectl([
        {
          apiVersion: group,
          kind: 'ValidatingWebhookConfiguration',
          metadata: { name },
          webhooks: [
            {
              name: 'gone.example.com',
              admissionReviewVersions: ['v1'],
              sideEffects: 'None',
              failurePolicy: 'Fail',
              clientConfig: { url: 'https://127.0.0.1:1/' },
              rules: [rule],
              ...inNamespace(),
            },
          ],
        },
      ]);
      const kind = `validatingwebhookconfiguration/${name}`;
      try {
        await refusal();
        const error = await errorOf(stage.deploy([service('web')]));
        expect(error.code).toBe('SLIPWAY_E_CLUSTER_FAILED');
        expect(error.message).toContain(
          'failed calling webhook "gone.example.com"',
        );
        expect(error.hint).toContain(
          'A webhook of the cluster does not answer',
        );
      } finally {
        await stage.kubectl(['delete', kind]);
      }
    });

    it('an object that is too large is refused; one that kubectl apply cannot annotate is not', async () => {
      const large = configMap('a', { text: 'x'.repeat(400_000) });
      await stage.deploy([large]);
      const tooLarge = configMap('a', { text: 'x'.repeat(1_100_000) });
      const error = await errorOf(stage.deploy([tooLarge]));
      expect(error.code).toBe('SLIPWAY_E_APPLY');
      expect(error.message).toMatch(/^ConfigMap a .*Too long/);
    });
  });

  it('is cancelled in the middle: the set is let go, and the next run goes on', async () => {
    await stage.applyByKubectl([held('c0')]);
    await stage.kubectl(['delete', 'configmap', 'c0', '--wait=false']);
    const cancel = new AbortController();
    const { signal } = cancel;
    const cluster = await stage.openWith({ signal });
    const going = errorOf(stage.deploy(many(3), {}, { cluster, signal }));
    await stage.waitForLine(/c0 in \S+ is being deleted/);
    cancel.abort();
    const error = await going;
    expect(error.code).toBe('SLIPWAY_E_CANCELLED');
    expect(error.message).toContain('not applied: ConfigMap c0');
    await letGo(stage, 'configmap/c0');
    // No lease is waited for.
    const reporter = recordingReporter();
    await stage.deploy(many(3), {}, { reporter });
    expect(reporter.lines).toEqual([]);
    expect(await stage.names('configmap')).toEqual(
      expect.arrayContaining(['configmap/c0', 'configmap/c2']),
    );
  });

  it('applies an object whose kind ranks with the definition that it comes with', async () => {
    const group = 'gateway.networking.k8s.io';
    const name = `gatewayclasses.${group}`;
    const definition: Manifest = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name,
        annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
      },
      spec: {
        group,
        scope: 'Cluster',
        names: { kind: 'GatewayClass', plural: 'gatewayclasses' },
        versions: [
          {
            ...{ name: 'v1', served: true, storage: true },
            schema: { openAPIV3Schema: { type: 'object' } },
          },
        ],
      },
    };
    const gatewayClass: Manifest = {
      apiVersion: `${group}/v1`,
      kind: 'GatewayClass',
      metadata: { name: stage.name },
    };
    try {
      expect(actionsOf(await stage.deploy([definition, gatewayClass]))).toEqual(
        {
          [`CustomResourceDefinition/${name}`]: 'created',
          [`GatewayClass/${stage.name}`]: 'created',
        },
      );
    } finally {
      await stage.kubectl(['delete', 'crd', name]);
    }
  });

  describe('an API server that is restarted', () => {
    let spare: SpareApiServer;

    beforeAll(async () => {
      spare = await spareApiServer();
      await spare.start();
    });
    afterAll(() => spare.stop());

    it('in the middle of a deploy is waited for, and all is applied', async () => {
      const token = await adminTokenOf(stage.sandbox);
      const { reporter } = stage;
      const cluster = await openClusterAt(spare.url, token, { reporter });
      let writes = 0;
      const counted: Cluster = {
        ...cluster,
        request: (request) => {
          writes += Number(request.method === 'PATCH');
          return cluster.request(request);
        },
      };
      const deploying = stage.deploy(many(200), {}, { cluster: counted });
      await eventually('the middle', () => writes > 100);
      await spare.stop();
      await spare.start();
      const report = await deploying;
      expect(report.objects).toHaveLength(200);
      expect(
        (await stage.names('configmap')).filter((name) => /\/c\d+$/.test(name)),
      ).toHaveLength(200);
      expect(actionsOf(await stage.deploy(many(200)))).toEqual(
        Object.fromEntries(
          many(200).map(({ metadata }) => [
            `ConfigMap/${metadata.name}`,
            'unchanged',
          ]),
        ),
      );
    });
  });
});
