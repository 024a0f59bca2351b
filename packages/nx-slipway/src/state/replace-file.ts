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
    await writeNew(temporary, text, mode);
    await rename(temporary, path);
  } catch (error) {
    // The first error counts: if this fails too, it is for the same reason.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** As a rule the folder is there, so it is made only when it is missed. */
async function writeNew(path: string, text: string, mode: number) {
  const write = () => writeFile(path, text, { flag: 'wx', mode });
  try {
    await write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    await write();
  }
}
