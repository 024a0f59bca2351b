import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connectTo } from './connect';
import { namesIn } from './names-in';
import { PIPES, pidInName, type ControlPlace } from './place';

/** No start takes so long between the making of a socket and its naming. */
const UNNAMED_MS = 60_000;

/**
 * Takes away what killed serves of this workspace have left. What cannot be
 * taken away stays: it hurts nobody.
 * @param own the address of who sweeps
 */
export async function sweep(place: ControlPlace, own: string): Promise<void> {
  for (const folder of place.folders) {
    if (folder === PIPES) continue;
    for (const name of await namesIn(folder, place.uid)) {
      const path = join(folder, name);
      if (path !== own) {
        await sweepOne(path, name, place.workspace).catch(() => undefined);
      }
    }
  }
}

async function sweepOne(path: string, name: string, workspace: string) {
  const isNamed = pidInName(name, workspace) !== undefined;
  const isUnnamed = name.startsWith(`${workspace}-`) && name.endsWith('.new');
  if (!isNamed && !isUnnamed) return;
  if (isUnnamed) {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs < UNNAMED_MS) return;
  }
  const found = await connectTo(path);
  if (found === 'dead') await rm(path, { force: true });
  else if (found !== 'gone') found.destroy();
}
