import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually, isAlive } from '../testing/wait';
import { pressAgain, withCancellation } from './cancellation';

const BOOTSTRAP = join(__dirname, '../../../../e2e/sandbox/bootstrap.js');
const PROGRAM = join(__dirname, '../testing/run-alone.ts');

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** An executor that runs that script, forked with a channel as Nx does it. */
async function startExecutor(script: string, ready = 'up\n') {
  const child = fork(BOOTSTRAP, [PROGRAM, JSON.stringify(script)], {
    silent: true,
  });
  started.push(child);
  const streams = { text: '' };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    streams.text += text;
  });
  await eventually(ready, () => streams.text.includes(ready));
  const group = Number(/^group (\d+)$/m.exec(streams.text)?.[1]);
  return { child, streams, group };
}

describe('a run is cancelled', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s', async (signal) => {
    const { child, streams, group } = await startExecutor('echo up; sleep 60');
    child.kill(signal);
    await eventually('its end', () => streams.text.includes('ended '));
    expect(streams.text).toContain('ended SLIPWAY_E_CANCELLED');
    expect(isAlive(group)).toBe(false);
  });

  it('when Nx is gone and its channel closes', async () => {
    const { child, streams, group } = await startExecutor('echo up; sleep 60');
    child.disconnect();
    await eventually('its end', () => streams.text.includes('ended '));
    expect(streams.text).toContain('ended SLIPWAY_E_CANCELLED');
    expect(isAlive(group)).toBe(false);
  });

  it('when nobody reads its output', async () => {
    const { child, group } = await startExecutor(
      'echo up; while :; do echo more; sleep 0.1; done',
    );
    child.stdout!.destroy();
    await eventually('its end', () => !isAlive(group));
  });
});

it('is listened for by any number at once: Node warns of none', async () => {
  const program = join(__dirname, '../testing/listen-alone.ts');
  const child = fork(BOOTSTRAP, [program], { silent: true });
  const [printed] = await Promise.all([
    text(child.stderr!),
    once(child, 'exit'),
  ]);
  expect(printed).not.toContain('Warning');
});

it.each([
  ['is one half a second after the first', [5_000, 5_500], true],
  ['is not what others pass on of the first', [0, 1, 30, 499], false],
  ['is none without a first', [100_000], false],
])('a second Ctrl-C %s', (_what, times, isAgain) => {
  expect(times.map(pressAgain()).at(-1)).toBe(isAgain);
});

describe('after the work', () => {
  const counted = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'];
  const listeners = () => [
    ...counted.map((event) => process.listenerCount(event)),
    process.stdout.listenerCount('error'),
    process.stderr.listenerCount('error'),
  ];

  it.each([
    ['did well', () => Promise.resolve('result')],
    ['failed', () => Promise.reject(new Error('failed'))],
  ])('that %s no listener is left', async (_how, work) => {
    const before = listeners();
    await withCancellation(work).catch(() => undefined);
    expect(listeners()).toEqual(before);
  });

  it('gives its result', async () => {
    expect(
      await withCancellation((signal, kill) =>
        Promise.resolve([signal.aborted, kill.aborted]),
      ),
    ).toEqual([false, false]);
  });
});
