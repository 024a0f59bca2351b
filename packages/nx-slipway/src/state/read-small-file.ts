import { constants, type Stats } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';

export type SmallFile = { readonly text: string } | Refusal;

/** Something stands there, and it is nothing that we would have written. */
export interface Refusal {
  /** Why, as the end of a sentence: `it is a directory`. */
  readonly refused: string;
}

/**
 * Neither a link nor a FIFO must be followed or waited for, should one take the
 * place of the file that was looked at. Windows has neither flag.
 */
const FLAGS =
  constants.O_RDONLY |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0);

/**
 * Reads a file that anybody may have put there. Only a regular file is opened,
 * and no more than `limit` + 1 bytes of it are read.
 * @param limit in bytes
 * @returns undefined if nothing is there; never rejects for what is there
 */
export async function readSmallFile(
  path: string,
  limit: number,
): Promise<SmallFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    const before = await lstat(path);
    if (!before.isFile()) return { refused: `it is ${kindOf(before)}` };
    handle = await open(path, FLAGS);
    const opened = await handle.stat();
    if (!opened.isFile()) return { refused: `it is ${kindOf(opened)}` };
    const bytes = await readUpTo(handle, limit + 1);
    return bytes.length > limit
      ? { refused: `it is longer than ${limit} bytes` }
      : { text: bytes.toString('utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return { refused: `it cannot be read: ${message}` };
  } finally {
    await handle?.close();
  }
}

async function readUpTo(handle: FileHandle, count: number): Promise<Buffer> {
  const buffer = Buffer.alloc(count);
  let length = 0;
  while (length < count) {
    const { bytesRead } = await handle.read(buffer, length, count - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
