import { readFile } from 'node:fs/promises';

/** The bytes of a file, or undefined when there is none (or a directory). */
export function readIfThere(path: string): Promise<Buffer | undefined> {
  return ifThere(readFile(path));
}

/** What a look at the disk gives, or undefined when nothing is there. */
export async function ifThere<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (isNothingThere(error)) return undefined;
    throw error;
  }
}

export function isNothingThere(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code);
}
