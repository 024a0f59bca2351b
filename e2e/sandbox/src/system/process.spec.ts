import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isRunning, readProcess, stopProcess } from './process';
import { waitUntil } from './wait';

async function start(script: string) {
  const child = spawn('sh', ['-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const process = await readProcess(child.pid ?? 0);
  if (process === undefined) throw new Error('It did not start.');
  return { child, process };
}

describe('stopProcess', () => {
  it('kills what does not hear TERM', async () => {
    const { child, process } = await start(
      "trap '' TERM; echo ready; while :; do sleep 0.1; done",
    );
    const ended = once(child, 'exit');
    await stopProcess(process, 100);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(await isRunning(process)).toBe(false);
  });

  it('leaves a process alone that was given the pid of another', async () => {
    const { child, process } = await start('echo ready; exec sleep 60');
    await stopProcess({ ...process, start: '1' }, 100);
    expect(await isRunning(process)).toBe(true);
    child.kill('SIGKILL');
  });
});

it('reads the words of a command, and nothing of one that is not', async () => {
  const { child, process } = await start('echo "a b"; exec sleep 60');
  const argv = async () => (await readProcess(process.pid))?.argv.join('|');
  const found = await waitUntil(
    async () => (await argv()) === 'sleep|60',
    2000,
  );
  child.kill('SIGKILL');
  expect(found).toBe(true);
  expect(await readProcess(2 ** 22 + 1)).toBeUndefined();
});
