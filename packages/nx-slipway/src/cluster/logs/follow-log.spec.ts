import { useHttpServer } from '../../testing/http-server';
import { slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import { LogServer } from '../testing/log-server';
import { json, useCluster } from '../testing/open-cluster';
import { followLog, type FollowLog } from './follow-log';

const folder = useTempFolder();
const server = useHttpServer();
const { open } = useCluster(folder, server);

let pods: LogServer;
let lines: string[];
let end: AbortController;

beforeEach(() => {
  pods = new LogServer();
  lines = [];
  end = new AbortController();
  server.answer = pods.answer;
});
afterEach(() => end.abort());

async function follow(options: Partial<FollowLog> = {}) {
  const cluster = await open({ deadlines: { outage: 100 } });
  return followLog(cluster, {
    ...{ namespace: 'shop', pod: 'web', container: 'main' },
    signal: end.signal,
    onLine: (line) => lines.push(line),
    deadlines: { pause: 10, longestPause: 40 },
    ...options,
  });
}
const told = (...expected: string[]) =>
  eventually(`the lines ${expected.join()}, of ${lines.join()}`, () =>
    expected.every((line, index) => lines[index] === line),
  );
const streaming = () => eventually('a stream', () => pods.streamCount > 0);

describe('a log that is followed', () => {
  it('is told from its start, and on, without its timestamps', async () => {
    pods.start();
    pods.write('one');
    void follow();
    await told('one');
    pods.write('\u001b[31mtwo\u001b[2J');
    await told('one', '\u001b[31mtwo');
    expect(pods.queries[0]?.get('container')).toBe('main');
  });

  it('begins when its container has started', async () => {
    void follow();
    await eventually('a look', () => server.requests.length > 2);
    expect(pods.queries).toEqual([]);
    pods.start();
    pods.write('one');
    await told('one');
  });

  it('goes on where it was after a break, with lines of one moment', async () => {
    pods.start();
    void follow();
    for (let round = 0; round < 5; round++) {
      await streaming();
      for (let line = 0; line < 50; line++) pods.write(`${round} ${line}`, 0);
      await eventually('some lines', () => lines.length > round * 50);
      pods.breakStreams();
      for (let line = 50; line < 60; line++) pods.write(`${round} ${line}`, 0);
      await eventually('all', () => lines.length === (round + 1) * 60);
    }
    const all = [0, 1, 2, 3, 4].flatMap((round) =>
      Array.from({ length: 60 }, (_, line) => `${round} ${line}`),
    );
    expect(lines).toEqual(all);
  });

  it('is not told that the server was away', async () => {
    pods.start();
    pods.write('one');
    const following = follow();
    await told('one');
    const { host } = server;
    await server.close();
    pods.write('two');
    // Longer than a request waits for it.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server.reopen(host);
    await told('one', 'two');
    expect(lines).toEqual(['one', 'two']);
    end.abort();
    await following;
  });

  it('has the last words of a container that was started again, also of one that was not seen to end', async () => {
    pods.start();
    pods.write('a1');
    void follow();
    await told('a1');
    pods.write('a2');
    pods.end();
    await told('a1', 'a2');
    pods.start();
    pods.write('b1');
    await told('a1', 'a2', 'b1');
    await streaming();
    // All of it while there is no connection.
    pods.fault = (response) => !!response.destroy();
    pods.breakStreams();
    pods.write('b2');
    pods.end();
    pods.start();
    pods.write('c1');
    pods.fault = undefined;
    await told('a1', 'a2', 'b1', 'b2', 'c1');
    expect(lines).toHaveLength(5);
  });

  it('has each line once of a container that came while its log was asked for, and of the next', async () => {
    pods.start();
    pods.write('a1');
    void follow();
    await told('a1');
    await streaming();
    // After the look at the pod, and before the answer.
    pods.fault = () => {
      pods.fault = undefined;
      pods.end();
      pods.start();
      pods.write('b1');
      return false;
    };
    pods.breakStreams();
    await told('a1', 'b1');
    await streaming();
    pods.breakStreams();
    pods.write('b2');
    pods.end();
    pods.start();
    pods.write('c1');
    await told('a1', 'b1', 'b2', 'c1');
    expect(lines).toHaveLength(4);
  });

  it('has all of a container that crashed before it was looked at', async () => {
    pods.start();
    pods.write('a1');
    pods.end();
    pods.start();
    pods.write('b1');
    void follow();
    await told('a1', 'b1');
  });

  it('has nothing of the container after which it begins', async () => {
    pods.start();
    pods.write('a1');
    void follow({ after: 'containerd://0' });
    await eventually('looks', () => server.requests.length > 3);
    pods.end();
    pods.start();
    pods.write('b1');
    await told('b1');
    expect(pods.queries.map((query) => query.has('previous'))).toEqual([false]);
  });

  it('has as many lines of before as are wanted, and no older ones after a break', async () => {
    pods.start();
    for (const line of ['1', '2', '3', '4']) pods.write(line);
    void follow({ tail: 2 });
    await told('3', '4');
    await streaming();
    pods.breakStreams();
    pods.write('5');
    await told('3', '4', '5');
    expect(pods.queries[1]?.has('tailLines')).toBe(false);
  });

  it('ends with its container, and the last line needs no end', async () => {
    pods.restartPolicy = 'Never';
    pods.start();
    pods.write('one');
    const following = follow();
    await told('one');
    pods.writePart('and ');
    pods.writePart('out');
    await streaming();
    pods.end();
    await following;
    expect(lines).toEqual(['one', 'and out']);
  });

  it('has at once what a stream ended before: the pod may soon be gone', async () => {
    pods.start();
    pods.write('one');
    void follow({ deadlines: { pause: 1e6, longestPause: 1e6 } });
    await told('one');
    pods.endBefore('bye');
    await told('one', 'bye');
  });

  it('ends with its pod, though another of that name is there', async () => {
    pods.start();
    pods.write('one');
    const following = follow({ uid: 'uid-1' });
    await told('one');
    pods.uid = 'uid-2';
    pods.end();
    await following;
    pods.isThere = false;
    await follow();
    expect(lines).toEqual(['one']);
  });

  it('does not tell what the kubelet says in its place', async () => {
    pods.start();
    pods.write('one');
    let isFirst = true;
    pods.fault = (response) => {
      if (!isFirst) return false;
      isFirst = false;
      response.end('failed to create fsnotify watcher: too many open files');
      return true;
    };
    void follow();
    await told('one');
    expect(lines).toEqual(['one']);
  });

  it('is opened anew when it was silent for long, and nothing is told twice', async () => {
    pods.start();
    pods.write('one');
    void follow({ deadlines: { silence: 50, pause: 10 } });
    await eventually('three streams', () => pods.queries.length > 2);
    pods.write('two');
    await told('one', 'two');
    expect(lines).toHaveLength(2);
  });

  it('outlasts a server that is busy, and stops at one that refuses', async () => {
    pods.start();
    pods.write('one');
    const statuses = [503, 429, 500, 404, 400, 403];
    pods.fault = (response) => !!json(response, {}, statuses.shift() ?? 403);
    await expect(follow()).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED', /pods\/web\/log/),
    );
    expect(statuses).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('ends by the signal at once, and leaves nothing open', async () => {
    pods.start();
    pods.write('one');
    const following = follow();
    await told('one');
    await streaming();
    end.abort();
    await following;
    await eventually('no stream', () => pods.streamCount === 0);
    await expect(follow()).resolves.toBeUndefined();
  });
});
