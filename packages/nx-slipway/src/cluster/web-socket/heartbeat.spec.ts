import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { eventually } from '../../testing/wait';
import { heartbeat } from './heartbeat';

/** A socket of which only what a heartbeat looks at is there. */
class Socket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  isPaused = false;
  pings = 0;
  answers = true;

  ping(mark: string): void {
    this.pings++;
    if (this.answers) this.emit('pong', Buffer.from(mark));
  }
}

describe('a heartbeat', () => {
  let socket: Socket;
  let deaths: number;
  let stop = () => {};

  function start(bytes = 0) {
    socket = new Socket();
    deaths = 0;
    const beat = heartbeat(socket as unknown as WebSocket, () => deaths++, 5);
    stop = () => beat.stop();
    beat.noteSent(bytes);
  }
  afterEach(() => stop());
  const pinged = (times: number) =>
    eventually('pings', () => socket.pings >= times);

  it('is well while it is answered, by pongs or by data', async () => {
    start();
    await pinged(5);
    socket.answers = false;
    const talking = setInterval(() => socket.emit('message'), 1);
    await pinged(15);
    clearInterval(talking);
    expect(deaths).toBe(0);
  });

  it('tells once that nothing answers', async () => {
    start();
    socket.answers = false;
    await eventually('death', () => deaths > 0);
    const { pings } = socket;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([deaths, socket.pings]).toEqual([1, pings]);
  });

  it.each([
    ['is not read itself', { isPaused: true }, 0],
    ['may be held up by a program that reads nothing', {}, 64 * 1024 + 1],
  ])('takes nobody for dead who %s', async (_what, state, bytes) => {
    start(bytes);
    Object.assign(socket, state, { answers: false });
    await pinged(10);
    expect(deaths).toBe(0);
  });

  it('does not take what it is told for a sign that it is heard', async () => {
    start(64 * 1024 + 1);
    socket.answers = false;
    socket.emit('message');
    await pinged(10);
    expect(deaths).toBe(0);
    socket.answers = true;
    // From now on: by the last look there may have been more than ten.
    await pinged(socket.pings + 2);
    socket.answers = false;
    await eventually('death', () => deaths > 0);
  });
});
