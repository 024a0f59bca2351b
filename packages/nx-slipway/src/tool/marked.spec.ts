import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAlive } from '../testing/wait';
import { endMarked } from './marked';

/** A shell in a group of its own that has started another in one of its own. */
async function start(env: Record<string, string>): Promise<number[]> {
  const shell = spawn(
    'sh',
    ['-c', "setsid sh -c 'echo $$; sleep 60; true' & echo $$; wait"],
    {
      env: { PATH: process.env.PATH, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let said = '';
  while (said.split('\n').length < 3) {
    const [chunk] = (await once(shell.stdout, 'data')) as [Buffer];
    said += String(chunk);
  }
  shell.stdout.destroy();
  return said.trim().split('\n').map(Number);
}

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux(
  'ends what carries a mark, whatever its group, and no other',
  async () => {
    const mine = await start({ A_MARK: 'one' });
    const others = await start({ A_MARK: 'one more' });
    await endMarked('A_MARK=one');
    expect(mine.filter(isAlive)).toEqual([]);
    expect(others.filter(isAlive)).toEqual(others);
    await endMarked('A_MARK=one more');
    expect(others.filter(isAlive)).toEqual([]);
  },
);
