import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useTempFolder } from '../testing/temp-folder';
import { withLock } from './lock';
import { thisOwner } from './owner';
import { lockIn } from './testing/lock-in';

const temp = useTempFolder();
const { folder, ask, plant } = lockIn(temp);
const { signal } = new AbortController();

describe('a note', () => {
  it('is shown again if cleaning up failed', async () => {
    const gone = { ...(await thisOwner()), start: '1' };
    await plant('ticket-1', gone);
    await plant('note', gone, 'clean me');
    const failing = ask({ onDead: () => Promise.reject(new Error('not now')) });
    await expect(failing.done).rejects.toThrow('not now');
    expect(failing.state.isIn).toBe(false);
    const seen: unknown[] = [];
    const onDead = (note?: string) => Promise.resolve(void seen.push(note));
    await ask({ onDead }).done;
    expect(seen).toEqual(['clean me']);
  });

  it('is shown though only the note is left', async () => {
    await plant('note', { ...(await thisOwner()), start: '1' }, 'clean me');
    const seen: unknown[] = [];
    const onDead = (note?: string) => Promise.resolve(void seen.push(note));
    await ask({ onDead }).done;
    expect(seen).toEqual(['clean me']);
  });

  it('that cannot be read is shown as undefined', async () => {
    const gone = { ...(await thisOwner()), start: '1' };
    await plant('ticket-1', gone);
    await plant('note', gone, 'x'.repeat(70_000));
    const seen: unknown[] = [];
    const onDead = (note?: string) => Promise.resolve(void seen.push(note));
    await ask({ onDead }).done;
    expect(seen).toEqual([undefined]);
  });

  it('that was half written is swept', async () => {
    const gone = { ...(await thisOwner()), start: '1' };
    const name = await plant('note', gone);
    await rm(join(folder(), name));
    await writeFile(join(folder(), `${name}.abcdef012345.tmp`), 'cle');
    const onDead = () => Promise.reject(new Error('called'));
    await ask({ onDead }).done;
    expect(await readdir(folder())).toEqual([]);
  });

  it('goes when the work ends, though nobody waited for it', async () => {
    const { kept, last } = await withLock(folder(), { signal }, (lock) => {
      const last = Promise.all(['a', 'b'].map((text) => lock.note(text)));
      return Promise.resolve({ kept: lock, last });
    });
    await Promise.allSettled([last]);
    await expect(kept.note('late')).rejects.toThrow('not held');
    expect(await readdir(folder())).toEqual([]);
  });

  it('that is left holds up nobody here, and is for other processes', async () => {
    const onDead = () => Promise.reject(new Error('nobody died'));
    for (const count of [1, 2]) {
      await withLock(folder(), { signal, onDead }, async (lock) => {
        await lock.note('left');
        lock.leaveNote();
      });
      expect(await readdir(folder())).toHaveLength(count);
    }
  });

  it('that was left is given to a later holder of the same process', async () => {
    await withLock(folder(), { signal }, async (lock) => {
      await lock.note('late');
      lock.leaveNote();
    });
    const given: (string | undefined)[] = [];
    const onDead = (note?: string) => {
      given.push(note);
      return Promise.resolve();
    };
    await ask({ onDead }).done;
    expect(given).toEqual([]);
    const [note = ''] = await readdir(folder());
    const before = new Date(Date.now() - 11_000);
    await utimes(join(folder(), note), before, before);
    await ask({ onDead }).done;
    expect(given).toEqual(['late']);
    expect(await readdir(folder())).toEqual([]);
  });

  it('has a limit', async () => {
    const tooLong = withLock(folder(), { signal }, (lock) =>
      lock.note('x'.repeat(65_537)),
    );
    await expect(tooLong).rejects.toThrow(RangeError);
  });
});
