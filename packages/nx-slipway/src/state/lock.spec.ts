import { readdirSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { withLock } from './lock';
import { thisOwner } from './owner';
import { lockIn } from './testing/lock-in';

const temp = useTempFolder();
const { folder, tickets, hold, ask, plant } = lockIn(temp);
const { signal } = new AbortController();

describe('withLock', () => {
  it('gives what the work gives, and leaves nothing', async () => {
    const result = await withLock(folder(), { signal }, ({ waited }) =>
      Promise.resolve({ waited, during: readdirSync(folder()).length }),
    );
    expect(result).toEqual({ waited: false, during: 1 });
    expect(await readdir(folder())).toEqual([]);
  });

  it('is given back when the work fails', async () => {
    const failing = withLock(folder(), { signal }, () =>
      Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
    await ask().done;
  });

  it('lets one in at a time, of one process too, as they asked', async () => {
    const first = await hold();
    const order: number[] = [];
    let inside = 0;
    const asked: Promise<void>[] = [];
    for (let index = 0; index < 5; index += 1) {
      asked.push(
        withLock(folder(), { signal }, async ({ waited }) => {
          order.push(index);
          expect(waited).toBe(true);
          expect((inside += 1)).toBe(1);
          await readdir(folder());
          inside -= 1;
        }),
      );
      await eventually('a ticket', () => tickets().length === index + 2);
    }
    await first.release();
    await Promise.all(asked);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('sees through a pid that is used again', async () => {
    const here = await thisOwner();
    await plant('ticket-1', { ...here, start: `${Number(here.start) - 1}` });
    await ask().done;
    expect(await readdir(folder())).toEqual([]);
  });

  it('is free after a restart of the machine, though its files are torn', async () => {
    const here = await thisOwner();
    await plant('ticket-7', { ...here, boot: 'abcdefabcdef' }, '');
    await ask().done;
    expect(await readdir(folder())).toEqual([]);
  });

  it('believes names only: what is torn is still a claim', async () => {
    const name = await plant('ticket-1', await thisOwner(), '{"host":');
    const holders: unknown[] = [];
    const { done } = ask({ onWait: (holder) => holders.push(holder) });
    await eventually('waiting', () => holders.length > 0);
    expect(holders).toMatchObject([{ pid: process.pid, host: 'unknown' }]);
    await rm(join(folder(), name));
    await done;
  });

  it('leaves alone what is none of its own', async () => {
    const strange = ['.DS_Store', 'ticket-', 'ticket-x', 'choosing-1-2'];
    for (const name of strange) {
      await temp.write({ [`locks/frontend/${name}`]: '' });
    }
    await ask().done;
    expect((await readdir(folder())).sort()).toEqual(strange.sort());
  });

  it('counts on from the highest number, however high', async () => {
    const here = await thisOwner();
    const number = '9'.repeat(30);
    await plant(`ticket-${number}`, here);
    const { done } = ask();
    await eventually('a higher one', () =>
      tickets().some((name) => name.startsWith(`ticket-1${'0'.repeat(30)}-`)),
    );
    await rm(folder(), { recursive: true, maxRetries: 10 });
    await done;
  });

  it('asks again when somebody empties the folder', async () => {
    const first = await hold();
    const { done } = ask();
    await eventually('a second ticket', () => tickets().length === 2);
    await rm(folder(), { recursive: true, maxRetries: 10 });
    await done;
    await first.release();
  });

  it('gives up what another machine no longer touches', async () => {
    const there = { ...(await thisOwner()), host: 'abcdefabcdef' };
    await plant('ticket-1', there);
    let clock = 0;
    const { done, state } = ask({ now: () => (clock += 1000) });
    const rings = async () => {
      for (let ring = 0; !state.isIn; ring += 1) {
        await writeFile(join(folder(), 'ring'), String(ring));
      }
    };
    await Promise.all([done, rings()]);
    expect(clock).toBeGreaterThan(60_000);
    expect(await readdir(folder())).toEqual(['ring']);
  });
});

describe('cancel', () => {
  it('ends the waiting and takes the claim back', async () => {
    const first = await hold();
    const controller = new AbortController();
    const { done, state } = ask({ signal: controller.signal });
    await eventually('a second ticket', () => tickets().length === 2);
    controller.abort();
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(state.isIn).toBe(false);
    expect(tickets()).toHaveLength(1);
    await first.release();
  });

  it('comes too early for anything to be made', async () => {
    const { done } = ask({ signal: AbortSignal.abort() });
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(await readdir(temp.path)).toEqual([]);
  });
});

describe('a folder that cannot be written', () => {
  it.each(['/sys/slipway', 'file/lock'])('is an error: %s', async (name) => {
    await temp.write({ file: '' });
    const path = name.startsWith('/') ? name : temp.at(name);
    const { code, message } = await errorOf(
      withLock(path, { signal }, () => Promise.resolve()),
    );
    expect(code).toBe('SLIPWAY_E_STATE');
    expect(message).toContain(path);
  });
});
