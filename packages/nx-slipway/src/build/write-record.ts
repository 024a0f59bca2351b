import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseRecord, serializeRecord, type ImageRecord } from '../image';
import { SlipwayError } from '../report';

/**
 * Writes a record beside its place and renames it, so that no reader and no
 * crash ever sees half of one.
 * @throws SLIPWAY_E_RECORD_WRITE
 */
export async function writeRecord(
  path: string,
  record: ImageRecord,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, serializeRecord(record));
    await rename(temporary, path);
  } catch (error) {
    // The first error counts: if this fails too, it is for the same reason.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new SlipwayError({
      code: 'SLIPWAY_E_RECORD_WRITE',
      message: `the record could not be written to ${path}: ${(error as Error).message}.`,
      hint: 'Check that the folder is writable and the disk has room; recordFile names another place.',
      cause: error,
    });
  }
}

/** @returns undefined if there is none, or none that we would have written */
export async function readRecord(
  path: string,
): Promise<ImageRecord | undefined> {
  try {
    return parseRecord(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
