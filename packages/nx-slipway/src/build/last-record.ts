import type { ImageRecord } from '../image';
import type { Reporter } from '../report';
import { readRecord } from '../state';

/**
 * The record of an earlier build, which anybody may have written: it may come
 * out of a shared cache. One that is not as we write it counts for none, and is
 * written again.
 */
export async function readLastRecord(
  path: string,
  reporter: Reporter,
): Promise<ImageRecord | undefined> {
  const read = await readRecord(path);
  if (!read) return undefined;
  if ('record' in read) return read.record;
  reporter.warn(
    `${path} is no image record of ours (${read.refused}): it is not used.`,
  );
  return undefined;
}
