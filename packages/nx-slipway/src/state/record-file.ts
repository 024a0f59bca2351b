import { parseRecord, serializeRecord, type ImageRecord } from '../image';
import { SlipwayError } from '../report';
import { readSmallFile, type Refusal } from './read-small-file';
import { replaceFile } from './replace-file';

/** The longest record that image/record.ts accepts. */
const MAX_RECORD_BYTES = 4096;

export type ReadRecord = { readonly record: ImageRecord } | Refusal;

/**
 * Writes a record, whole or not at all; the same bytes for the same result.
 * @throws SLIPWAY_E_RECORD_WRITE
 */
export async function writeRecord(
  path: string,
  record: ImageRecord,
): Promise<void> {
  try {
    await replaceFile(path, serializeRecord(record));
  } catch (error) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_RECORD_WRITE',
      message: `the record could not be written to ${path}: ${(error as Error).message}.`,
      hint: 'Check that the folder is writable and the disk has room; recordFile names another place.',
      cause: error,
    });
  }
}

/**
 * Reads a record, which is untrusted: a cache restored it, or anybody wrote it.
 * @returns undefined if there is none; `refused` says why what is there does
 *   not count, for a warning
 */
export async function readRecord(
  path: string,
): Promise<ReadRecord | undefined> {
  const file = await readSmallFile(path, MAX_RECORD_BYTES);
  if (!file || 'refused' in file) return file;
  const record = parseRecord(file.text);
  return record
    ? { record }
    : { refused: 'it is torn, or no record of this version of nx-slipway' };
}
