import { useHttpServer } from '../../testing/http-server';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import { LogServer } from '../../cluster/testing/log-server';
import { json, useCluster } from '../../cluster/testing/open-cluster';
import type { ServeEvent } from '../events';
import { PodLogs, type LogsOption } from './pod-logs';
import { servedPod, waiting, type GivenPod } from './testing/pods';

const folder = useTempFolder();
const server = useHttpServer();
const { open } = useCluster(folder, server);

/** The pod web of the server, as it is. */
const web = (given: GivenPod = {}) =>
  servedPod({ name: 'web', uid: 'uid-1', id: 'containerd://0', ...given });

let kubelet: LogServer;
let events: ServeEvent[];
let logs: PodLogs;

beforeEach(() => {
  kubelet = new LogServer();
  kubelet.start();
  server.answer = kubelet.answer;
  events = [];
});
afterEach(() => logs.close());

async function start(option: LogsOption) {
  const cluster = await open();
  logs = new PodLogs({
    ...{ project: 'shop', cluster, logs: option },
    since: Date.UTC(2026, 0, 2, 0, 0, 0, 500),
    onEvent: (event) => events.push(event),
  });
}
const lines = () =>
  events.flatMap((event) => (event.type === 'log' ? [event.line] : []));
const told = (...expected: string[]) =>
  eventually(`${expected.join()} of ${lines().join()}`, () =>
    expected.every((line, index) => lines()[index] === line),
  );

describe('the logs of pods', () => {
  it('are those of pods that have started since, from their start', async () => {
    await start('changed');
    kubelet.write('one');
    logs.update([servedPod({ name: 'old' })]);
    logs.update([servedPod({ name: 'old' }), web()]);
    await told('one');
    expect(events[0]).toEqual({
      ...{ type: 'log', project: 'shop', namespace: 'shop' },
      ...{ pod: 'web', container: 'main', line: 'one' },
    });
    const asked = server.requests.filter((each) => each.includes('/old'));
    expect(asked).toEqual([]);
  });

  it('are told once, however often the pods are', async () => {
    await start('changed');
    logs.update([]);
    for (let count = 0; count < 5; count++) logs.update([web()]);
    kubelet.write('one');
    await told('one');
    expect(kubelet.queries).toHaveLength(1);
  });

  it('are those of a container that was there, and has started since', async () => {
    await start('changed');
    logs.update([web({ state: waiting('ContainerCreating'), id: '' })]);
    logs.update([web()]);
    kubelet.write('one');
    await told('one');
  });

  it('are those of one that has started before it was seen, and since serve has', async () => {
    await start('changed');
    kubelet.write('one');
    const started = (startedAt: string) => ({ running: { startedAt } });
    logs.update([
      web({ state: started('2026-01-02T00:00:00Z') }),
      servedPod({ name: 'old', state: started('2026-01-01T23:59:59Z') }),
    ]);
    await told('one');
    const asked = server.requests.filter((each) => each.includes('/old'));
    expect(asked).toEqual([]);
  });

  it('are those of a container whose image has changed, without what the one before said', async () => {
    await start('changed');
    kubelet.write('old');
    logs.update([web()]);
    kubelet.end();
    kubelet.start();
    kubelet.write('new');
    // One that is only started again is not meant.
    logs.update([web({ id: 'containerd://1' })]);
    logs.update([web({ image: 'web:2' })]);
    expect(kubelet.queries).toEqual([]);
    logs.update([web({ image: 'web:2', id: 'containerd://1' })]);
    await told('new');
  });

  it('are all, with the last ten lines of what ran before', async () => {
    await start('all');
    for (let line = 0; line < 15; line++) kubelet.write(`${line}`);
    logs.update([web()]);
    await told('5', '6', '7', '8', '9', '10', '11', '12', '13', '14');
    kubelet.write('15');
    await eventually('the next', () => lines().at(-1) === '15');
    expect(lines()).toHaveLength(11);
  });

  it('are none if none are wanted', async () => {
    await start('none');
    logs.update([]);
    logs.update([web()]);
    await logs.close();
    expect(server.requests).toEqual([]);
  });

  it('have the last words of a pod that is gone', async () => {
    await start('changed');
    logs.update([]);
    logs.update([web()]);
    await eventually('the stream', () => kubelet.streamCount > 0);
    logs.update([]);
    kubelet.write('bye');
    kubelet.end();
    kubelet.isThere = false;
    await told('bye');
  });

  it('are said once not to be there for who may not read them', async () => {
    await start('changed');
    kubelet.fault = (response) => {
      json(response, { message: 'pods "web" is forbidden' }, 403);
      return true;
    };
    logs.update([]);
    logs.update([web()]);
    await eventually('the word', () => events.length > 0);
    logs.update([]);
    logs.update([web()]);
    await eventually('the second', () => kubelet.queries.length === 2);
    await logs.close();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'message', level: 'warning' });
    expect(JSON.stringify(events)).toMatch(
      /logs are not followed: .*forbidden/,
    );
  });

  it('end with all that is open, though many are', async () => {
    await start('changed');
    logs.update([]);
    logs.update(
      Array.from({ length: 30 }, (_, index) => web({ uid: `uid-${index}` })),
    );
    await eventually('the stream', () => kubelet.streamCount > 0);
    await logs.close();
    await eventually('its end', () => kubelet.streamCount === 0);
  });
});
