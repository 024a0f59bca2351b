import { constants } from 'node:fs';
import { open, realpath, rm } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { parseOutputRef, type OutputRef } from '../image';
import { SlipwayError } from '../report';
import type { BuildPlan } from './plan';

/** A metadata file is some hundred bytes; a ref at most 400. */
const MAX_BYTES = 64 * 1024;

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
  return parseOutputRef(await readSmall(path), relative(root, path));
}

async function readSmall(path: string): Promise<string> {
  // A pipe in its place must not make us wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) {
      throw invalid(
        `${path} is not a file`,
        'The command must write one there.',
      );
    }
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
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
    throw invalid(
      `the command ended well, but has not written its image ref to ${path}`,
      'It must write the ref with its tag or digest there; it sees the path as $SLIPWAY_OUTPUT_REF_FILE.',
    );
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

function invalid(what: string, hint: string, cause?: unknown): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OUTPUT_REF',
    message: `${what}.`,
    hint,
    cause,
  });
}
