import { useHttpServer } from '../testing/http-server';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { openCluster, type OpenCluster } from './cluster';
import { inClusterConfig } from './in-cluster';

const folder = useTempFolder();
const server = useHttpServer();

const env = () => {
  const [host, port] = server.host.split(':');
  return {
    KUBERNETES_SERVICE_HOST: host,
    KUBERNETES_SERVICE_PORT: port,
    KUBECONFIG: folder.at('none'),
  };
};

const open = (options: Partial<OpenCluster> = {}) =>
  openCluster({
    namedInOption: false,
    allowContexts: ['in-cluster'],
    env: env(),
    homedir: folder.path,
    serviceAccount: folder.path,
    ...options,
  });

beforeEach(() =>
  folder.write({ token: 'token-one\n', 'ca.crt': 'ca', namespace: 'shop\n' }),
);

describe('in a pod without kubeconfig', () => {
  it('the current context is its own cluster, with its account', async () => {
    const cluster = await open();
    const { context, namespace, isLocal } = cluster;
    expect({ context, namespace, isLocal }).toEqual({
      context: 'in-cluster',
      namespace: 'shop',
      isLocal: false,
    });
    expect(cluster.server).toBe(`https://${server.host}`);
  });

  it('that context must be named, as any other', async () => {
    await expect(open({ allowContexts: [] })).rejects.toEqual(
      slipwayError('SLIPWAY_E_CONTEXT_NOT_ALLOWED', /"in-cluster"/),
    );
  });

  it('a kubeconfig wins where there is one', async () => {
    await folder.write({ none: 'apiVersion: v1\nkind: Config\n' });
    await expect(open()).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /no context is named/),
    );
  });

  it('its token is read from its file, and IPv6 has brackets', async () => {
    const config = await inClusterConfig(
      { KUBERNETES_SERVICE_HOST: 'fd00::1' },
      folder.path,
    );
    expect(config?.clusters[0]?.server).toBe('https://[fd00::1]:443');
    expect(config?.users[0]).toMatchObject({
      authProvider: { config: { tokenFile: folder.at('token') } },
    });
  });
});

it('is nothing outside of pods', async () => {
  expect(await inClusterConfig({}, folder.path)).toBeUndefined();
  await expect(open({ serviceAccount: folder.at('gone') })).rejects.toEqual(
    slipwayError('SLIPWAY_E_KUBECONFIG', /there is no kubeconfig/),
  );
});
