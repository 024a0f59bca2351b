import { useHttpServer } from '../testing/http-server';
import { recordingReporter } from '../testing/recording-reporter';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { useCluster } from './testing/open-cluster';

const folder = useTempFolder();
const server = useHttpServer();
const PATH = '/api/v1/namespaces/shop/configmaps/a';

const { open, answerWith } = useCluster(folder, server);

describe('a cluster that is asked', () => {
  it('outlasts a server that is away, and says so once for all who wait', async () => {
    answerWith();
    const reporter = recordingReporter();
    const cluster = await open({ reporter });
    await cluster.request({ method: 'GET', path: PATH });
    const { host } = server;
    await server.close();
    const asking = Promise.all(
      ['GET', 'PATCH', 'POST'].map((method) =>
        cluster.request({ method: method as 'GET', path: PATH }),
      ),
    );
    await eventually('the word', () => reporter.lines.length > 0);
    await server.reopen(host);
    expect((await asking).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(reporter.lines).toEqual([
      'the API server of kind-test does not answer (ECONNREFUSED); trying on for 30 s',
    ]);
  });

  it('believes a server that has just started that it may not, but not at once', async () => {
    answerWith();
    const cluster = await open({ deadlines: { outage: 1500 } });
    const request = { method: 'PATCH', path: PATH } as const;
    await cluster.request(request);
    answerWith(403);
    expect((await cluster.request(request)).status).toBe(403);
    const { host } = server;
    await server.close();
    const asking = cluster.request(request);
    answerWith(403, 403);
    await server.reopen(host);
    expect((await asking).status).toBe(200);
    answerWith(...Array.from({ length: 9 }, () => 403));
    expect((await cluster.request(request)).status).toBe(403);
  });

  it('gives up on a server that stays away for long', async () => {
    answerWith();
    const cluster = await open({ deadlines: { outage: 100 } });
    await cluster.request({ method: 'GET', path: PATH });
    await server.close();
    const error = await errorOf(cluster.request({ method: 'GET', path: PATH }));
    expect(error.code).toBe('SLIPWAY_E_CLUSTER_UNREACHABLE');
  });

  it('gives up on a server that stays away, when it never answered', async () => {
    const cluster = await open();
    await server.close();
    const error = await errorOf(cluster.request({ method: 'GET', path: PATH }));
    expect(error.code).toBe('SLIPWAY_E_CLUSTER_UNREACHABLE');
  });
});
