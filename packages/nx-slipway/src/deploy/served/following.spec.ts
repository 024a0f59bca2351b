import { useCluster } from '../../cluster/testing/open-cluster';
import { useHttpServer } from '../../testing/http-server';
import { manualClock } from '../../testing/manual-clock';
import { recordingReporter } from '../../testing/recording-reporter';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import type { Target } from '../desired';
import { SmallApi } from '../readiness/testing/small-api';
import { REPLICA_SETS } from '../watches';
import { Following } from './following';

const PATH = '/apis/apps/v1/namespaces/shop/replicasets';
const TARGET = {
  ...{ groupKind: 'ReplicaSet.apps', resource: REPLICA_SETS },
  ...{ namespace: 'shop', name: 'web' },
} as Target;
const WEB = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'shop' },
};

const folder = useTempFolder();
const server = useHttpServer();
const { open } = useCluster(folder, server);

describe('what is followed of a served set', () => {
  it('is followed again once a login that has run out is good again', async () => {
    const api = new SmallApi();
    server.answer = api.answer;
    const cluster = await open();
    const clock = manualClock();
    const reporter = recordingReporter();
    const { signal } = new AbortController();
    const systems = { cluster, reporter, signal, now: clock.now, holder: 'x' };
    const following = new Following('set', systems, clock);
    try {
      api.put(PATH, WEB);
      await following.follow([TARGET]);
      expect(following.find(TARGET)?.metadata.name).toBe('web');
      await eventually('a watch', () => api.isWatched(PATH));
      api.said.set(PATH, { status: 401, body: { message: 'expired' } });
      api.endWatches(PATH);
      await eventually('a timer', () => clock.timers > 0);
      const before = server.requests.length;
      clock.advance(10_000);
      await eventually('another try', () => server.requests.length > before);
      await eventually('a timer', () => clock.timers > 0);
      api.said.clear();
      clock.advance(10_000);
      await eventually('the object', () => following.find(TARGET));
      // It is said once, however often it is tried.
      expect(reporter.warnings).toEqual([
        expect.stringMatching(
          /^what becomes of the objects is not seen.*expired/,
        ),
      ]);
    } finally {
      following.close();
    }
    expect(clock.timers).toBe(0);
  });
});
