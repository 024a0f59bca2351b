import { useCluster } from '../../cluster/testing/open-cluster';
import { useHttpServer } from '../../testing/http-server';
import { manualClock } from '../../testing/manual-clock';
import { recordingReporter } from '../../testing/recording-reporter';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import { SmallApi } from '../readiness/testing/small-api';
import { PODS } from './core-kinds';
import { Watches, type Collection } from './watches';

const PATH = '/api/v1/namespaces/shop/pods';
const COLLECTION: Collection = { resource: PODS, namespace: 'shop' };
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
});

const folder = useTempFolder();
const server = useHttpServer();
const { open } = useCluster(folder, server);

describe('watches', () => {
  let api: SmallApi;
  let watches: Watches;

  beforeEach(async () => {
    api = new SmallApi();
    server.answer = api.answer;
    const cluster = await open();
    const { signal } = new AbortController();
    const reporter = recordingReporter();
    watches = new Watches({ cluster, reporter, signal, timers: manualClock() });
  });
  afterEach(() => watches.close());

  const names = () => watches.all(COLLECTION).map((each) => each.metadata.name);

  it('are opened once for each collection, whoever follows it', async () => {
    await Promise.all([
      watches.follow(COLLECTION),
      watches.follow({ ...COLLECTION }),
    ]);
    await watches.follow(COLLECTION);
    await eventually('a watch', () => api.isWatched(PATH));
    const asked = server.requests.filter((each) => each.includes(PATH));
    expect(asked).toHaveLength(2);
  });

  it('tell all who listen, until they do not any more', async () => {
    const [first, second] = [jest.fn(), jest.fn()];
    const onFault = () => undefined;
    const stop = watches.listen({ onChange: first, onFault });
    watches.listen({ onChange: second, onFault });
    await watches.follow(COLLECTION);
    await eventually('a watch', () => api.isWatched(PATH));
    stop();
    const before = second.mock.calls.length;
    expect(first).toHaveBeenCalledTimes(before);
    api.put(PATH, pod('a'));
    await eventually('the pod', () => names().includes('a'));
    expect(first).toHaveBeenCalledTimes(before);
    expect(second.mock.calls.length).toBeGreaterThan(before);
  });

  it('that have ended are told of, and opened anew when they are asked for', async () => {
    const faults: Error[] = [];
    watches.listen({
      onChange: () => undefined,
      onFault: (error) => faults.push(error),
    });
    api.put(PATH, pod('a'));
    await watches.follow(COLLECTION);
    await eventually('a watch', () => api.isWatched(PATH));
    api.said.set(PATH, { status: 401, body: { message: 'expired' } });
    api.endWatches(PATH);
    await eventually('its end', () => faults.length > 0);
    expect(faults[0]?.message).toMatch(/expired/);
    expect(watches.sees(COLLECTION)).toBe(false);
    await expect(watches.follow(COLLECTION)).rejects.toThrow(/expired/);
    api.said.clear();
    await watches.follow(COLLECTION);
    expect(names()).toEqual(['a']);
    await eventually('a watch', () => api.isWatched(PATH));
  });
});
