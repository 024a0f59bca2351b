import { readdir } from 'node:fs/promises';
import { refusalOf } from './own-folder';
import { PIPES } from './place';

/** What is in a folder that can be believed; nothing where there is none. */
export async function namesIn(
  folder: string,
  uid: number | undefined,
): Promise<string[]> {
  try {
    if (folder !== PIPES && (await refusalOf(folder, uid))) return [];
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Not there, or not for us: then it is none of ours.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw error;
  }
}
