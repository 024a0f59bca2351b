import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { useTempFolder } from '../testing/temp-folder';
import { eventually, isAlive } from '../testing/wait';
import { endGroup } from './group';

const folder = useTempFolder();

/** Starts a shell as the leader of a group; waits until it printed a line. */
async function groupOf(script: string): Promise<number> {
  const child = spawn('sh', ['-c', script], {
    cwd: folder.path,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.destroy();
  return child.pid!;
}

describe('ending a process group', () => {
  it('ends all of it, and is done when nobody is left', async () => {
    const group = await groupOf('sleep 60 & sleep 60 & echo up; wait');
    expect(await endGroup(group)).toBe(true);
    expect(isAlive(group)).toBe(false);
  });

  it('ends it though its leader is dead', async () => {
    const group = await groupOf(
      'exec 3>&1 >/dev/null; (echo up >&3; exec 3>&-; sleep 60) &',
    );
    await eventually('its end', () => !isAlive(group));
    expect(() => process.kill(-group, 0)).not.toThrow();
    expect(await endGroup(group)).toBe(true);
  });

  /** Says when it is asked to end, and does not. */
  const STUBBORN = "trap '>asked' TERM; echo up; while :; do sleep 0.1; done";
  const wasAsked = () => existsSync(folder.at('asked'));

  it('kills what does not end when it is asked to', async () => {
    const group = await groupOf(STUBBORN);
    expect(await endGroup(group)).toBe(true);
    expect(isAlive(group)).toBe(false);
    expect(wasAsked()).toBe(true);
  });

  it('asks nobody when there is no patience', async () => {
    const group = await groupOf(STUBBORN);
    expect(await endGroup(group, AbortSignal.abort())).toBe(true);
    expect(isAlive(group)).toBe(false);
    expect(wasAsked()).toBe(false);
  });

  it('kills when patience ends while it waits', async () => {
    const group = await groupOf(STUBBORN);
    const kill = new AbortController();
    const ended = endGroup(group, kill.signal);
    await eventually('the question', wasAsked);
    kill.abort();
    expect(await ended).toBe(true);
    expect(isAlive(group)).toBe(false);
  });

  it('is fine with one that is gone', async () => {
    const group = await groupOf('sleep 60 & echo up; wait');
    await endGroup(group);
    expect(await endGroup(group)).toBe(true);
  });

  it.each([0, 1, -5, 1.5, NaN, Infinity])(
    'refuses %d, which would reach others',
    async (group) => {
      await expect(endGroup(group)).rejects.toThrow(RangeError);
    },
  );
});
