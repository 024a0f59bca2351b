import { realpath, rm } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { MAX_OUTPUT_REF_BYTES, parseOutputRef, type OutputRef } from '../image';
import { SlipwayError } from '../report';
import { readSmallFile } from '../state';
import type { BuildPlan } from './plan';

type FilePlan = Pick<BuildPlan, 'root' | 'source'>;

/**
 * Takes the file of an earlier run away, so that what stands there afterwards
 * is this run's.
 * @throws SLIPWAY_E_OUTPUT_REF
 */
export async function forgetWrittenRef({
  root,
  source,
}: FilePlan): Promise<void> {
  if (source.kind !== 'file') return;
  await assertInside(root, source.path, dirname(source.path));
  try {
    await rm(source.path, { force: true });
  } catch (error) {
    throw invalid(
      `${source.path} cannot be deleted before the command runs: ${(error as Error).message}`,
      'outputsImageRefTo is a file of its own, in a folder that is writable.',
      error,
    );
  }
}

/**
 * The ref that the command has written.
 * @throws SLIPWAY_E_OUTPUT_REF
 */
export async function readWrittenRef({
  root,
  source,
}: FilePlan): Promise<OutputRef> {
  const path = source.kind === 'file' ? source.path : '';
  await assertInside(root, path, path);
  // Followed here, where it has just been seen to stay inside.
  const read = await readSmallFile(await realpath(path), MAX_OUTPUT_REF_BYTES);
  if (read && 'text' in read) {
    return parseOutputRef(read.text, relative(root, path));
  }
  throw read
    ? invalid(
        `${path} holds no image ref: ${read.refused}`,
        'The command must write one ref there, or the metadata file of buildx, ko or Jib.',
      )
    : notWritten(path);
}

/** No link leads out of the workspace: who writes there is not our build. */
async function assertInside(
  root: string,
  path: string,
  checked: string,
): Promise<void> {
  const real = await realPath(checked);
  if (real === undefined) {
    // Before the command the folder need not be there.
    if (checked !== path) return;
    throw notWritten(path);
  }
  const inside = await realpath(root);
  if (real === inside || real.startsWith(inside + sep)) return;
  throw invalid(
    `${path} leads out of the workspace, to ${real}`,
    'outputsImageRefTo is a file in the workspace, not a link to another place. Let the command copy it.',
  );
}

async function realPath(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function notWritten(path: string): SlipwayError {
  return invalid(
    `the command ended well, but has not written its image ref to ${path}`,
    'It must write the ref with its tag or digest there; it sees the path as $SLIPWAY_OUTPUT_REF_FILE.',
  );
}

function invalid(what: string, hint: string, cause?: unknown): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OUTPUT_REF',
    message: `${what}.`,
    hint,
    cause,
  });
}
