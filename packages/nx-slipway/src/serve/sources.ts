import { createHash } from 'node:crypto';
import {
  depFiles,
  fileStates,
  type FileStates,
  type KnownFiles,
} from '../inputs';
import type { ImagePreparation } from './desired';

/** Files, as they were at a time. */
export interface Seen {
  readonly hash: string;
  readonly files: FileStates;
}

/** What the tasks that prepare an image read, as it is now. */
export async function hashSources(
  { sources }: ImagePreparation,
  known: KnownFiles,
): Promise<Seen> {
  const files = await fileStates(sources.root, await depFiles(sources), known);
  const hash = createHash('sha256');
  for (const entry of files) hash.update(JSON.stringify(entry));
  return { hash: hash.digest('hex'), files };
}
