import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useTempFolder } from '../testing/temp-folder';
import { lockFolder } from './folder';
import { withLock } from './lock';
import { isOtherLockHeld } from './other-locks';
import { useChildren } from './testing/children';

const temp = useTempFolder();
const start = useChildren();
const { signal } = new AbortController();

/** What is seen by who holds the lock of `web`, as a build does. */
const seen = () =>
  withLock(lockFolder(temp.path, 'web'), { signal }, () =>
    isOtherLockHeld(temp.path, 'web'),
  );

describe('the lock of another image', () => {
  it('is not held where nobody else builds', async () => {
    expect(await seen()).toBe(false);
  });

  it('is held by another build of this process', async () => {
    const other = lockFolder(temp.path, 'api');
    expect(await withLock(other, { signal }, seen)).toBe(true);
    expect(await seen()).toBe(false);
  });

  it('is held by another process, until that is dead', async () => {
    const child = start('hold', lockFolder(temp.path, 'api'), 'a note');
    await child.says('held');
    expect(await seen()).toBe(true);
    await child.kill();
    expect(await seen()).toBe(false);
  });

  it('is not held by what is no claim', async () => {
    const other = lockFolder(temp.path, 'api');
    await withLock(other, { signal }, () => Promise.resolve());
    await writeFile(join(other, 'ticket-1-mine'), '');
    expect(await seen()).toBe(false);
  });
});
