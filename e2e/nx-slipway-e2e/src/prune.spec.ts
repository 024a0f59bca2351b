import { sandboxEnv } from '@nx-slipway/sandbox';
import { execa } from 'execa';
import type { Cluster } from '../../../packages/nx-slipway/src/cluster';
import type { ObjectReport } from '../../../packages/nx-slipway/src/deploy';
import { errorOf } from '../../../packages/nx-slipway/src/testing/slipway-error';
import {
  DeployStage,
  actionsOf,
  configMap,
  deployment,
  type Manifest,
  until,
} from './support/deploy-stage';

const APPLYSET = 'applyset.kubernetes.io';

const claim: Manifest = {
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  },
};
const annotated = (name: string, annotation: string): Manifest => ({
  ...configMap(name),
  metadata: { name, annotations: { [annotation]: 'keep' } },
});

describe('the inventory of a manifest set', () => {
  let stage: DeployStage;

  beforeEach(async () => {
    stage = await DeployStage.create('prune');
  });
  afterEach(() => stage.remove());

  const inventory = async () => {
    const [name = ''] = await stage.names('configmap', '-l', `${APPLYSET}/id`);
    return stage.get(name);
  };
  const groupKinds = async () =>
    (await inventory()).metadata.annotations?.[
      `${APPLYSET}/contains-group-kinds`
    ];

  it('takes along what the set has no more, and nothing else', async () => {
    await stage.applyByKubectl([configMap('of-others')]);
    await stage.deploy([configMap('a'), configMap('b'), deployment('web')]);
    expect(await groupKinds()).toBe('ConfigMap,Deployment.apps');
    const less = [configMap('a')];
    expect(actionsOf(await stage.plan(less))).toEqual({
      'ConfigMap/a': 'unchanged',
      'ConfigMap/b': 'pruned',
      'Deployment/web': 'pruned',
    });
    expect(actionsOf(await stage.deploy(less, { prune: false }))).toEqual({
      'ConfigMap/a': 'unchanged',
    });
    expect(await groupKinds()).toBe('ConfigMap,Deployment.apps');
    expect(actionsOf(await stage.deploy(less))).toEqual({
      'ConfigMap/a': 'unchanged',
      'ConfigMap/b': 'pruned',
      'Deployment/web': 'pruned',
    });
    expect(await groupKinds()).toBe('ConfigMap');
    const { metadata } = await inventory();
    expect(await stage.names('configmap,deployment')).toEqual(
      [
        `configmap/a`,
        `configmap/of-others`,
        `configmap/${metadata.name}`,
      ].sort(),
    );
  });

  it('keeps what may hold data, and what is annotated to be kept, until it is told', async () => {
    const kept = [
      claim,
      annotated('ours', 'nx-slipway.dev/down-policy'),
      annotated('tilts', 'tilt.dev/down-policy'),
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'db' } },
          template: {
            metadata: { labels: { app: 'db' } },
            spec: { containers: [{ name: 'main', image: 'db:1' }] },
          },
        },
      },
      { kind: 'Namespace', metadata: { name: `${stage.name}-two` } },
    ];
    await stage.deploy([configMap('a'), ...kept]);
    const { objects } = await stage.deploy([configMap('a')]);
    expect(actionsOf({ objects })).toEqual({
      'ConfigMap/a': 'unchanged',
      'PersistentVolumeClaim/data': 'kept',
      'ConfigMap/ours': 'kept',
      'ConfigMap/tilts': 'kept',
      'StatefulSet/db': 'kept',
      [`Namespace/${stage.name}-two`]: 'kept',
    });
    expect(objects.find(({ name }) => name === 'data')?.reason).toBe(
      'it may hold data',
    );
    const told = await stage.deploy([configMap('a')], { pruneData: true });
    expect(Object.values(actionsOf(told)).sort()).toEqual([
      ...kept.map(() => 'pruned'),
      'unchanged',
    ]);
  });

  it('leaves alone what somebody has kept or set free while it was deployed', async () => {
    await stage.deploy([configMap('a'), configMap('b'), configMap('c')]);
    const others = async () => {
      await stage.kubectl([
        ...['label', 'configmap', 'b'],
        `${APPLYSET}/part-of-`,
      ]);
      await stage.kubectl([
        ...['annotate', 'configmap', 'c'],
        'nx-slipway.dev/down-policy=keep',
      ]);
    };
    let meanwhile: Promise<void> | undefined;
    const cluster: Cluster = {
      ...stage.cluster,
      request: async (request) => {
        if (request.method === 'DELETE') await (meanwhile ??= others());
        return stage.cluster.request(request);
      },
    };
    const told: string[] = [];
    const onObject = ({ name, action }: ObjectReport) =>
      told.push(`${name} ${action}`);
    const systems = { cluster, onObject };
    const report = await stage.deploy([configMap('d')], {}, systems);
    expect(actionsOf(report)).toEqual({
      'ConfigMap/a': 'pruned',
      'ConfigMap/b': 'kept',
      'ConfigMap/c': 'kept',
      'ConfigMap/d': 'created',
    });
    expect(told).toEqual(expect.arrayContaining(['b kept', 'c kept']));
    expect(await stage.names('configmap')).toEqual(
      expect.arrayContaining(['configmap/b', 'configmap/c']),
    );
    expect(actionsOf(await stage.down())).toEqual({
      'ConfigMap/c': 'kept',
      'ConfigMap/d': 'deleted',
    });
  });

  it('never prunes what a controller has made, though it has the label', async () => {
    const service = {
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    };
    const endpoints = {
      kind: 'Endpoints',
      metadata: { name: 'by-hand' },
      subsets: [],
    };
    await stage.deploy([service, endpoints]);
    // The controller copies the labels of a Service to its Endpoints.
    const label = `${APPLYSET}/part-of`;
    await until('the copy', async () => {
      const names = await stage.names('endpoints', '-l', label);
      return names.includes('endpoints/web');
    });
    expect(actionsOf(await stage.deploy([service]))).toEqual({
      'Service/web': 'unchanged',
      'Endpoints/by-hand': 'pruned',
    });
    expect(await stage.names('endpoints', '-l', label)).toEqual([
      'endpoints/web',
    ]);
  });

  it('is not pruned for a set that is empty', async () => {
    await stage.deploy([configMap('a')]);
    const error = await errorOf(stage.deploy([]));
    expect(error.code).toBe('SLIPWAY_E_MANIFEST');
    expect(await stage.names('configmap', '-l', `${APPLYSET}/part-of`)).toEqual(
      ['configmap/a'],
    );
  });

  it('is not pruned by a deploy that was refused', async () => {
    await stage.deploy([configMap('a'), configMap('b')]);
    const wrong = { kind: 'ConfigMap', metadata: { name: 'c' }, data: 'x' };
    await errorOf(stage.deploy([configMap('a'), wrong]));
    expect(await stage.names('configmap', '-l', `${APPLYSET}/part-of`)).toEqual(
      ['configmap/a', 'configmap/b'],
    );
  });

  it('knows the other namespaces that the set is in', async () => {
    const second = `${stage.name}-two`;
    await stage.kubectl(['create', 'namespace', second]);
    const there = {
      ...configMap('a'),
      metadata: { name: 'a', namespace: second },
    };
    await stage.deploy([configMap('a'), there]);
    expect((await inventory()).metadata.annotations).toMatchObject({
      [`${APPLYSET}/additional-namespaces`]: second,
    });
    const { objects } = await stage.deploy([configMap('a')]);
    expect(objects[1]).toMatchObject({ action: 'pruned', namespace: second });
    await stage.kubectl(['delete', 'namespace', second, '--wait=false']);
  });

  it('is one that kubectl understands, and does not touch', async () => {
    await stage.deploy([configMap('a'), deployment('web')]);
    const { metadata } = await inventory();
    const id = metadata.labels?.[`${APPLYSET}/id`];
    expect(
      await stage.names(
        'configmap,deployment',
        '-l',
        `${APPLYSET}/part-of=${id}`,
      ),
    ).toEqual(['configmap/a', 'deployment.apps/web']);
    const byKubectl = () =>
      execa(
        'kubectl',
        [
          ...['--namespace', stage.name, 'apply', '--server-side', '--prune'],
          ...[`--applyset=configmaps/${metadata.name}`, '--dry-run=server'],
          ...['--force-conflicts', '-f', '-'],
        ],
        {
          env: { ...sandboxEnv(stage.sandbox), KUBECTL_APPLYSET: 'true' },
          input: JSON.stringify({ apiVersion: 'v1', ...configMap('a') }),
          reject: false,
        },
      );
    expect((await byKubectl()).stderr).toMatch(
      /is managed by tooling "nx-slipway" instead of "kubectl"/,
    );
    // Were it its own, it would find the members by what we have written.
    await stage.kubectl([
      ...['annotate', '--overwrite', 'configmap', metadata.name],
      `${APPLYSET}/tooling=kubectl/v1.34`,
    ]);
    expect((await byKubectl()).stdout).toContain(
      'deployment.apps/web pruned (server dry run)',
    );
  });

  it('is left alone if it is of another tool', async () => {
    await stage.deploy([configMap('a')]);
    const { metadata } = await inventory();
    await stage.kubectl([
      ...['annotate', '--overwrite', 'configmap', metadata.name],
      `${APPLYSET}/tooling=kubectl/v1.34`,
    ]);
    const error = await errorOf(stage.deploy([configMap('a')]));
    expect(error.code).toBe('SLIPWAY_E_SET_CLAIMED');
  });

  it('counts what was deleted and made again by others as theirs', async () => {
    await stage.deploy([configMap('a'), configMap('b')]);
    await stage.kubectl(['delete', 'configmap', 'b']);
    await stage.applyByKubectl([configMap('b')]);
    expect(actionsOf(await stage.deploy([configMap('a')]))).toEqual({
      'ConfigMap/a': 'unchanged',
    });
    expect(await stage.names('configmap')).toContain('configmap/b');
  });
});
