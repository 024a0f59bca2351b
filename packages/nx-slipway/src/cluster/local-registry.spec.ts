import fc from 'fast-check';
import { useHttpServer } from '../testing/http-server';
import { twoNames } from '../testing/registry-option';
import { recordingReporter } from '../testing/recording-reporter';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { openCluster } from './cluster';
import { detectRegistry, type Lookup } from './local-registry';
import { imagesOnNodes } from './node-images';
import { kubeconfig } from './testing/kubeconfig';

const folder = useTempFolder();
const server = useHttpServer();

const CONFIG_MAP =
  '/api/v1/namespaces/kube-public/configmaps/local-registry-hosting';
const NODES = '/api/v1/nodes?limit=1';
const SERVICE = '/api/v1/namespaces/container-registry/services/registry';

/** What the API has; a number is the status of its refusal. */
type Api = Record<string, unknown>;

const ipv4: Lookup = () => Promise.resolve({ address: '127.0.0.1', family: 4 });

async function open(api: Api, context = 'kind-test', cluster = context) {
  server.answer = ({ url = '' }, response) => {
    const found = api[url] ?? 404;
    const status = typeof found === 'number' ? found : 200;
    response.writeHead(status).end(JSON.stringify(found));
  };
  const given = { context, cluster, server: `http://${server.host}` };
  await folder.write({ config: kubeconfig(given) });
  return openCluster({
    context,
    namedInOption: true,
    allowContexts: [],
    env: { KUBECONFIG: folder.at('config') },
    homedir: folder.path,
  });
}

interface Where {
  readonly context?: string;
  readonly cluster?: string;
  readonly lookup?: Lookup;
}

async function detect(
  api: Api,
  { context, cluster, lookup = ipv4 }: Where = {},
) {
  const reporter = recordingReporter();
  const opened = await open(api, context, cluster);
  const found = await detectRegistry(opened, { reporter, lookup });
  return { found, warnings: reporter.warnings };
}

const hosting = (text: string) => ({
  [CONFIG_MAP]: { data: { 'localRegistryHosting.v1': text } },
});

const nodes = (annotations: object, runtime = 'containerd://1.7') => ({
  [NODES]: {
    items: [
      {
        metadata: { annotations },
        status: { nodeInfo: { containerRuntimeVersion: runtime } },
      },
    ],
  },
});

const TILT = { 'tilt.dev/registry': 'localhost:5001' };

describe('a registry', () => {
  it('is none in a cluster that says nothing', async () => {
    expect(await detect({})).toEqual({ found: undefined, warnings: [] });
  });

  it('is what the ConfigMap of KEP-1755 says, before all else', async () => {
    const { found } = await detect({
      ...hosting(
        'host: "localhost:5000"\nhostFromContainerRuntime: "registry:5000"\nhostFromClusterNetwork: "other:5000"\nhelp: "https://kind.sigs.k8s.io"\n',
      ),
      ...nodes(TILT),
    });
    expect(found).toEqual({
      ...twoNames,
      source: 'the ConfigMap kube-public/local-registry-hosting',
    });
    expect(server.requests).toEqual([`GET ${CONFIG_MAP}`]);
  });

  it('has one name when the cluster says one', async () => {
    const { found } = await detect(hosting('host: localhost:5000'));
    expect(found).toMatchObject({ hostFromCluster: 'localhost:5000' });
  });

  it('is pointed out when there is only help', async () => {
    const help = 'help: "https://example.com/\\e[31mhow"';
    const { found, warnings } = await detect(hosting(help));
    expect(found).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringMatching(/see https:\/\/example\.com\/ \[31mhow$/),
    ]);
  });

  it('is not pointed out at length, nor by what is no text', async () => {
    const long = await detect(hosting(`help: ${'x'.repeat(1000)}`));
    expect(long.warnings).toEqual([expect.stringMatching(/ x{200}$/)]);
    // Each line ten times the one before.
    const lines = [1, 2, 3, 4, 5, 6].map(
      (n) =>
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(',')}]`,
    );
    const text = ['a0: &a0 [x]', ...lines, 'help: *a6'].join('\n');
    expect(await detect(hosting(text))).toEqual({
      found: undefined,
      warnings: [],
    });
  });

  it.each([
    'host: [',
    '- localhost:5000',
    'localhost',
    '',
    'host: http://localhost:5000',
    'host: "localhost:5000 --insecure"',
    'host: "$(id)"',
    'host: 5000',
    'host: {a: b}',
    'host: [localhost:5000]',
    'host: localhost:5000\nhostFromContainerRuntime: [1]',
    'host: null',
  ])('is not taken from %j, and the next place is asked', async (text) => {
    const { found, warnings } = await detect({
      ...hosting(text),
      ...nodes(TILT),
    });
    expect(found).toMatchObject({ host: 'localhost:5001' });
    expect(warnings).toEqual([
      expect.stringMatching(/ConfigMap.* is not used/),
    ]);
  });

  it('is nothing but a host, whatever the ConfigMap holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const { found } = await detect(hosting(text));
        expect(found?.host ?? 'a').toMatch(/^[A-Za-z0-9[]/);
      }),
      { numRuns: 30 },
    );
  });

  it.each([403, 404])('may be somewhere else after a %s', async (status) => {
    const { found } = await detect({ [CONFIG_MAP]: status, ...nodes(TILT) });
    expect(found).toMatchObject({
      host: 'localhost:5001',
      source: 'the annotation tilt.dev/registry of a node',
    });
  });

  it('is none for who may read nothing', async () => {
    const { found } = await detect({ [CONFIG_MAP]: 403, [NODES]: 403 });
    expect(found).toBeUndefined();
  });

  it('is not said to be none when credentials are refused', async () => {
    await expect(detect({ [CONFIG_MAP]: 401 })).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED'),
    );
  });

  it('is what annotations of the first node say', async () => {
    const tilt = {
      ...TILT,
      'tilt.dev/registry-from-cluster': 'registry:5000',
      'kind.x-k8s.io/registry': 'localhost:5002',
    };
    const kind = { 'kind.x-k8s.io/registry': 'localhost:5002' };
    const host = async (annotations: object) => {
      const { found } = await detect(nodes(annotations));
      return [found?.host, found?.hostFromCluster];
    };
    expect(await host(tilt)).toEqual(['localhost:5001', 'registry:5000']);
    expect(await host(kind)).toEqual(['localhost:5002', 'localhost:5002']);
  });

  it('is not taken from an annotation that is no host', async () => {
    const { found, warnings } = await detect(
      nodes({ 'tilt.dev/registry': 'http://x' }),
    );
    expect(found).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringMatching(/tilt\.dev\/registry of a node is not used/),
    ]);
  });
});

describe('the registry of microk8s', () => {
  const SERVICES = { [SERVICE]: { spec: { ports: [{ nodePort: 32000 }] } } };
  const microk8s = { context: 'microk8s', cluster: 'microk8s-cluster' };

  it('is at the port of its service', async () => {
    const api = { ...nodes(TILT), ...SERVICES };
    const { found } = await detect(api, microk8s);
    expect(found).toMatchObject({
      host: 'localhost:32000',
      source: 'the registry addon of microk8s',
    });
    const renamed = await detect(api, { ...microk8s, context: 'mine' });
    expect(renamed.found).toMatchObject({ host: 'localhost:32000' });
  });

  it('is not asked for in other clusters', async () => {
    await detect(SERVICES);
    expect(server.requests).not.toContain(`GET ${SERVICE}`);
  });

  it('is not needed with Docker', async () => {
    const api = { ...nodes({}, 'docker://20.10'), ...SERVICES };
    expect((await detect(api, microk8s)).found).toBeUndefined();
  });

  it.each([
    {},
    { spec: {} },
    { spec: { ports: [] } },
    { spec: { ports: [{}] } },
    { spec: { ports: [{ nodePort: '1@evil' }] } },
  ])('is none with the service %j', async (service) => {
    const { found } = await detect({ [SERVICE]: service }, microk8s);
    expect(found).toBeUndefined();
  });

  it.each<[string, Lookup]>([
    ['IPv6', () => Promise.resolve({ address: '::1', family: 6 })],
    ['nothing', () => Promise.reject(new Error('ENOTFOUND'))],
  ])('is not used where localhost is %s', async (_, lookup) => {
    const { found, warnings } = await detect(SERVICES, { ...microk8s, lookup });
    expect(found).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/IPv4/)]);
  });
});

describe('the images on nodes', () => {
  const node = (...images: string[][]) => ({
    status: { images: images.map((names) => ({ names })) },
  });

  it('are those of all nodes on all pages, once each', async () => {
    const cluster = await open({
      '/api/v1/nodes?limit=100': {
        metadata: { continue: 'a/b=' },
        items: [node(['a:1', 'a@sha256:1'], ['b:1']), {}],
      },
      '/api/v1/nodes?limit=100&continue=a%2Fb%3D': {
        items: [node(['b:1'], ['c:1'])],
      },
    });
    const names = ['a:1', 'a@sha256:1', 'b:1', 'c:1'];
    expect(await imagesOnNodes(cluster)).toEqual(names);
  });

  it('are not said to be none for who may not list nodes', async () => {
    const cluster = await open({ '/api/v1/nodes?limit=100': 403 });
    await expect(imagesOnNodes(cluster)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED'),
    );
  });
});
