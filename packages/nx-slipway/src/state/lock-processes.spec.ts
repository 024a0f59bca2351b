import { readdirSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { useChildren } from './testing/children';
import { lockIn } from './testing/lock-in';

const temp = useTempFolder();
const start = useChildren();
const { folder, tickets, hold, ask } = lockIn(temp);

describe('a lock between processes', () => {
  it('loses nothing of what eight processes do in turn', async () => {
    await temp.write({ count: '0' });
    const children = Array.from({ length: 8 }, () =>
      start('count', folder(), temp.at('count')),
    );
    const codes = await Promise.all(children.map(({ ended }) => ended));
    expect(codes).toEqual(codes.map(() => 0));
    expect(await readFile(temp.at('count'), 'utf8')).toBe('160');
    expect(await readdir(folder())).toEqual([]);
  });

  it('never lets two in, whenever holders and waiters are killed', async () => {
    const file = temp.at('inside');
    const spawned = [0, 1, 2].map(() => start('enter', folder(), file));
    for (let index = 0; index < 4; index += 1) {
      const next = start('enter', folder(), file);
      spawned.push(next);
      await next.says('entered');
      await spawned[index]!.kill();
    }
    await Promise.all(spawned.map((child) => child.kill()));
    expect(spawned.flatMap(({ lines }) => lines)).not.toContain('two');
    // And what is left stops nobody.
    await ask().done;
    expect(await readdir(folder())).toEqual([]);
  });

  it('is free at once when its holder is killed', async () => {
    const child = start('hold', folder());
    await child.says('held');
    const { done, state } = ask();
    await eventually('a second ticket', () => tickets().length === 2);
    await child.kill();
    await done;
    expect(state.waited).toBe(true);
  });

  it('is not held up by a waiter that was killed', async () => {
    const first = await hold();
    const child = start('hold', folder());
    await eventually('its ticket', () => tickets().length === 2);
    const { done } = ask();
    await eventually('a third ticket', () => tickets().length === 3);
    await child.kill();
    await first.release();
    await done;
    expect(await readdir(folder())).toEqual([]);
  });

  it('waits for one that is choosing, until that is killed', async () => {
    const child = start('exist', folder());
    const owner = await eventually('its owner', () => child.lines[0]);
    await mkdir(folder(), { recursive: true });
    const choosing = join(folder(), `choosing-${owner}-${'0'.repeat(16)}`);
    await writeFile(choosing, '');
    const holders: number[] = [];
    const { done, state } = ask({ onWait: ({ pid }) => holders.push(pid) });
    await eventually('waiting', () => holders.length > 0);
    expect(holders).toEqual([child.pid]);
    expect(state.isIn).toBe(false);
    await child.kill();
    await done;
    // It held nothing.
    expect(state.waited).toBe(false);
    expect(await readdir(folder())).toEqual([]);
  });

  it('is still held by a process that is stopped', async () => {
    const child = start('hold', folder());
    await child.says('held');
    child.process.kill('SIGSTOP');
    const holders: unknown[] = [];
    const { done, state } = ask({ onWait: (holder) => holders.push(holder) });
    await eventually('waiting', () => holders.length > 0);
    expect(state.isIn).toBe(false);
    expect(holders).toEqual([
      { pid: child.pid, host: hostname(), since: expect.any(Date) as unknown },
    ]);
    child.process.kill('SIGCONT');
    child.tell();
    await done;
    await child.says('released');
    expect(holders).toHaveLength(1);
  });

  it('of a dead holder is shown to the next, while the claim stands', async () => {
    const child = start('hold', folder(), 'clean me');
    await child.says('held');
    await child.kill();
    const seen: unknown[] = [];
    const onDead = (note: string | undefined) => {
      const ofTheDead = readdirSync(folder()).filter((name) =>
        name.includes(`-${child.pid}-`),
      );
      seen.push({ note, files: ofTheDead.length });
      return Promise.resolve();
    };
    await ask({ onDead }).done;
    expect(seen).toEqual([{ note: 'clean me', files: 2 }]);
    await ask({ onDead }).done;
    expect(seen).toHaveLength(1);
    expect(await readdir(folder())).toEqual([]);
  });

  it('keeps nothing of a claim for which there was no room', async () => {
    // The system refuses the bytes of a file, not the file.
    const limit = ['sh', '-c', 'ulimit -f 0; exec "$@"', 'sh'];
    const child = start('hold', folder(), '', limit);
    await child.says('SLIPWAY_E_STATE');
    expect(await readdir(folder())).toEqual([]);
  });

  it.each(['ends well', 'fails'])(
    'shows the next one a note that was left by one that %s',
    async (end) => {
      expect(await start('leave', folder(), end).ended).toBe(0);
      const seen: unknown[] = [];
      const onDead = (note?: string) => Promise.resolve(void seen.push(note));
      await ask({ onDead }).done;
      expect(seen).toEqual([end]);
      expect(await readdir(folder())).toEqual([]);
    },
  );
});
