import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { listClaims } from './claims';
import { lockFolder } from './folder';
import { onDisk } from './on-disk';
import { fateOf, thisOwner } from './owner';

/**
 * Whether somebody holds, or waits for, the lock of another image of this
 * workspace. A glance: who asks for one right after is not seen.
 * @throws SLIPWAY_E_STATE
 */
export async function isOtherLockHeld(
  root: string,
  imageName: string,
): Promise<boolean> {
  const own = lockFolder(root, imageName);
  const all = dirname(own);
  const here = await thisOwner();
  for (const name of await onDisk(all, () => readdir(all))) {
    if (name === basename(own)) continue;
    const folder = join(all, name);
    for (const { kind, owner } of await onDisk(folder, () =>
      listClaims(folder),
    )) {
      if (kind === 'ticket' && (await fateOf(owner, here)) !== 'dead')
        return true;
    }
  }
  return false;
}
