import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes beside the place and renames, so that no reader, and nobody after the
 * death of this process, ever sees half a file. Makes the folders it needs.
 * Nothing is flushed: after a loss of power the file may be torn, and whoever
 * reads it takes that for none.
 * @param mode less the umask
 * @throws the error of the file system, with nothing left behind
 */
export async function replaceFile(
  path: string,
  text: string,
  mode = 0o666,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text, { flag: 'wx', mode });
    await rename(temporary, path);
  } catch (error) {
    // The first error counts: if this fails too, it is for the same reason.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
