import { Agent } from 'node:http';
import { slipwayError } from '../../testing/slipway-error';
import type { Connection } from '../connection';
import { Health } from '../health';
import { followStream } from './stream';

/** As that of a proxy that takes a connection and says no more. */
class NeverConnected extends Agent {
  override createConnection = () => undefined as never;
}

const access = { agent: new NeverConnected(), headers: {}, generation: 0 };
const connection = {
  target: {
    context: 'kind-test',
    clusterName: 'kind-test',
    server: 'http://127.0.0.1:1',
    proxied: true,
    namedInOption: true,
    allowContexts: [],
  },
  credentials: { access: () => Promise.resolve(access) },
  health: new Health(),
} as unknown as Connection;

it('is over after its silence though it was never connected', async () => {
  await expect(
    followStream(connection, {
      path: '/api/v1/pods?watch=1',
      silence: 50,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    }),
  ).rejects.toEqual(
    slipwayError('SLIPWAY_E_CLUSTER_UNREACHABLE', /no word in 0\.05 s/),
  );
});
