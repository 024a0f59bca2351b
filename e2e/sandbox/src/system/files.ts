import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrno } from '../error';

/** Undefined when the file is not there. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ENODEV', 'ESRCH'))
      return undefined;
    throw error;
  }
}

/** Whole or not at all: a killed writer leaves the old content. */
export async function writeWhole(
  file: string,
  text: string,
  mode = 0o644,
): Promise<void> {
  if ((await readText(file)) === text) return;
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, text, { mode, flush: true });
  await rename(temporary, file);
}

/** Undefined for a file that is missing, torn, or not of this shape. */
export async function readJson<T>(
  file: string,
  isShape: (value: unknown) => value is T,
): Promise<T | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isShape(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Removes a folder that may still be written to by what is just ending. */
export async function removeTree(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
