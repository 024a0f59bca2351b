import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { eventually } from '../testing/wait';
import {
  fateOf,
  formatOwner,
  hasEnded,
  identityOf,
  parseOwner,
  thisOwner,
  type Owner,
} from './owner';

const anyOwner: fc.Arbitrary<Owner> = fc.record({
  pid: fc.integer({ min: 1, max: 999_999_999 }),
  start: fc.nat().map(String),
  space: fc.nat().map(String),
  boot: fc.stringMatching(/^[0-9a-f]{1,12}$/),
  host: fc.stringMatching(/^[0-9a-f]{12}$/),
});

describe('an owner', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyOwner, (owner) => {
        expect(parseOwner(formatOwner(owner))).toEqual(owner);
      }),
    );
  });

  it('is part of a file name, and of no other place', () => {
    fc.assert(
      fc.property(anyOwner, (owner) => {
        expect(formatOwner(owner)).toMatch(/^[0-9a-f-]{1,100}$/);
      }),
    );
  });

  it.each(['', '1', '0-1-1-a-a', '01-1-1-a-a', '-1-1-1-a-a', '1-1-1-a-../x'])(
    'is not read from "%s"',
    (text) => expect(parseOwner(text)).toBeUndefined(),
  );

  it('is the same each time this process asks', async () => {
    expect(await thisOwner()).toEqual(await thisOwner());
    expect((await thisOwner()).pid).toBe(process.pid);
  });
});

describe('the fate of an owner', () => {
  const gone = (async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('close', resolve));
    return child.pid ?? 0;
  })();

  it.each<[string, Partial<Owner>, string]>([
    ['this process', {}, 'alive'],
    ['a process that does not tell its start', { start: '0' }, 'alive'],
    ['another that had our pid', { start: '1' }, 'dead'],
    ['one before the machine was restarted', { boot: 'abc' }, 'dead'],
    ['one whose boot is not known', { boot: '0' }, 'unknown'],
    ['another container', { space: '1' }, 'unknown'],
    ['another machine', { host: 'abc' }, 'unknown'],
    ['another machine, whatever the pid', { host: 'abc', pid: 1 }, 'unknown'],
  ])('%s: %s is %s', async (_who, part, fate) => {
    const here: Owner = { ...(await thisOwner()), boot: 'b', space: '7' };
    const owner = { ...here, ...part };
    expect(await fateOf(owner, here)).toBe(fate);
  });

  it('a process that ended is dead, with and without /proc', async () => {
    const here = await thisOwner();
    const owner = { ...here, pid: await gone };
    expect(await fateOf(owner, here)).toBe('dead');
    const blind = { ...here, start: '0' };
    expect(await fateOf({ ...blind, pid: await gone }, blind)).toBe('dead');
  });

  it('a process of somebody else is alive', async () => {
    // The first process is, even where we may not send it a signal.
    const blind = { ...(await thisOwner()), start: '0' };
    expect(await fateOf({ ...blind, pid: 1 }, blind)).toBe('alive');
  });
});

describe('a process that is known by its identity', () => {
  it('has ended only when that is certain', async () => {
    const child = spawn('sleep', ['1000']);
    const identity = await identityOf(child.pid ?? 0);
    expect(await hasEnded(identity)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await hasEnded(identity)).toBe(true);
    const elsewhere = identity.replace(/[0-9a-f]{12}$/, 'abcdefabcdef');
    expect(await hasEnded(elsewhere)).toBe(false);
    expect(await hasEnded('ann@desk')).toBe(false);
  });
});

if (process.platform === 'linux') {
  describe('what /proc tells', () => {
    it('is all that tells two containers apart that share a name', async () => {
      const { start, space, boot } = await thisOwner();
      expect([start, space, boot]).not.toContain('0');
    });

    it('makes a zombie dead', async () => {
      // `exec` puts a program in the parent's place that reaps no children.
      const parent = spawn('sh', [
        '-c',
        'sleep 1000 & echo $!; exec sleep 1000',
      ]);
      try {
        const pid = await new Promise<number>((resolve) =>
          parent.stdout.once('data', (text) => resolve(Number(text))),
        );
        await eventually('the parent to be replaced', () =>
          proc(parent.pid, 'cmdline').startsWith('sleep'),
        );
        const here = await thisOwner();
        const start = proc(pid, 'stat').split(') ')[1]?.split(' ')[19] ?? '';
        expect(await fateOf({ ...here, pid, start }, here)).toBe('alive');
        process.kill(pid, 'SIGKILL');
        await eventually('a zombie', () => proc(pid, 'stat').includes(') Z '));
        expect(await fateOf({ ...here, pid, start }, here)).toBe('dead');
      } finally {
        parent.kill('SIGKILL');
      }
    });
  });
}

function proc(pid: number | undefined, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8');
}
