import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { withLock, type LockOptions } from './lock';
import { formatOwner, thisOwner, type Owner } from './owner';
import { useChildren } from './testing/children';

const temp = useTempFolder();
const start = useChildren();
const { signal } = new AbortController();
const folder = () => temp.at('locks', 'frontend');
const tickets = () =>
  readdirSync(folder()).filter((name) => name.startsWith('ticket-'));

/** Takes the lock at once, and keeps it until `release`. */
async function hold(options: Partial<LockOptions> = {}) {
  let release = (): void => undefined;
  const kept = new Promise<void>((resolve) => (release = resolve));
  let done: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    done = withLock(folder(), { signal, ...options }, () => {
      resolve();
      return kept;
    });
    done.catch(reject);
  });
  return {
    release: () => {
      release();
      return done;
    },
  };
}

/** Asks for the lock, and says whether it has or had it. */
function ask(options: Partial<LockOptions> = {}) {
  const state = { isIn: false, waited: false };
  const done = withLock(folder(), { signal, ...options }, ({ waited }) => {
    Object.assign(state, { isIn: true, waited });
    return Promise.resolve();
  });
  return { state, done };
}

/** Makes a file as a claimant would have, for whoever it is. */
async function plant(kind: string, owner: Owner, text = '{}') {
  const name = `${kind}-${formatOwner(owner)}-${'f'.repeat(16)}`;
  await mkdir(folder(), { recursive: true });
  await writeFile(join(folder(), name), text);
  return name;
}

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

  it('loses nothing of what eight processes do in turn', async () => {
    await temp.write({ count: '0' });
    const children = Array.from({ length: 8 }, () =>
      start('count', folder(), temp.at('count')),
    );
    const codes = await Promise.all(children.map(({ ended }) => ended));
    expect(codes).toEqual(codes.map(() => 0));
    expect(await readFile(temp.at('count'), 'utf8')).toBe('160');
    expect(await readdir(folder())).toEqual([]);
  }, 60_000);

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
  }, 60_000);

  it('is free at once when its holder is killed', async () => {
    const child = start('hold', folder());
    await child.says('held');
    const { done, state } = ask();
    await eventually('a second ticket', () => tickets().length === 2);
    await child.kill();
    await done;
    expect(state.waited).toBe(true);
  }, 30_000);

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
  }, 30_000);

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
  }, 30_000);

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
  }, 30_000);

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
    await rm(folder(), { recursive: true });
    await done;
  });

  it('asks again when somebody empties the folder', async () => {
    const first = await hold();
    const { done } = ask();
    await eventually('a second ticket', () => tickets().length === 2);
    await rm(folder(), { recursive: true });
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

describe('a note', () => {
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
  }, 30_000);

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

  it('has a limit', async () => {
    const tooLong = withLock(folder(), { signal }, (lock) =>
      lock.note('x'.repeat(65_537)),
    );
    await expect(tooLong).rejects.toThrow(RangeError);
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

  it('keeps nothing of a claim for which there was no room', async () => {
    // The system refuses the bytes of a file, not the file.
    const limit = ['sh', '-c', 'ulimit -f 0; exec "$@"', 'sh'];
    const child = start('hold', folder(), '', limit);
    await child.says('SLIPWAY_E_STATE');
    expect(await readdir(folder())).toEqual([]);
  }, 30_000);
});
