import { createHash } from 'node:crypto';
import { hashInputs, inputFacts, type Parent } from '../build';
import {
  changedPaths,
  depFiles,
  fileStates,
  type DepSelection,
  type FileStates,
  type KnownFiles,
} from '../inputs';
import type { ImagePreparation, ServedImage } from './desired';

/** Files, as they were at a time. */
export interface Seen {
  readonly hash: string;
  readonly files: FileStates;
}

/** What a build command reads. */
export interface SeenInputs extends Seen {
  /** A hash of all that counts beside the files. */
  readonly facts: string;
}

/** As it is now. @throws SLIPWAY_E_DEPS_* */
export async function seeInputs(
  { plan }: Pick<ServedImage, 'plan'>,
  parents: readonly Parent[],
  known: KnownFiles,
): Promise<SeenInputs> {
  const files: FileStates = new Map();
  const hash = await hashInputs(plan, parents, { seen: files, known });
  return { hash, files, facts: inputFacts(plan, parents) };
}

/** What the tasks that prepare an image read, as it is now. */
export async function seeSources(
  { sources }: ImagePreparation,
  known: KnownFiles,
): Promise<Seen> {
  const files = await seeFiles(sources, known);
  return { hash: hashOf(files), files };
}

/** @throws SLIPWAY_E_DEPS_* */
export async function seeFiles(
  selection: DepSelection,
  known: KnownFiles,
): Promise<FileStates> {
  return fileStates(selection.root, await depFiles(selection), known);
}

/** @param facts what counts beside the files */
export function hashOf(files: FileStates, facts = ''): string {
  const hash = createHash('sha256').update(facts);
  for (const entry of files) hash.update(JSON.stringify(entry));
  return hash.digest('hex');
}

/** A file of no bytes. */
const EMPTY = `file ${createHash('sha256').digest('hex')}`;

/** Whether something is gone, or empty, that was there. */
export function isLess(now: FileStates, before: FileStates): boolean {
  return changedPaths(before, now).some((path) => {
    const state = now.get(path);
    return !state || state === EMPTY || state.startsWith('missing ');
  });
}
