import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SlipwayError } from '../report';
import { startBeat } from '../tool';
import type { LoadSystems } from './systems';

type Parts = Pick<LoadSystems, 'docker' | 'reporter' | 'signal' | 'tempFolder'>;

/**
 * Has Docker save an image for as long as `use` takes, in a folder that only
 * this user can look into.
 * @throws SLIPWAY_E_LOAD if it cannot be written, SLIPWAY_E_IMAGE_NOT_FOUND,
 *   SLIPWAY_E_DOCKER_FAILED, SLIPWAY_E_CANCELLED, and what `use` throws
 */
export async function withArchive<T>(
  ref: string,
  parts: Parts,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const { tempFolder = tmpdir() } = parts;
  let place: string | undefined;
  try {
    const path = await explain(ref, tempFolder, parts, async () => {
      place = await mkdtemp(join(tempFolder, 'slipway-load-'));
      return write(ref, parts, join(place, 'image.tar'));
    });
    return await use(path);
  } finally {
    if (place) await rm(place, { recursive: true, force: true });
  }
}

async function write(
  ref: string,
  { docker, reporter, signal }: Parts,
  path: string,
): Promise<string> {
  const quiet = startBeat(`saving ${ref}`, reporter);
  try {
    const stream = await docker.save(ref);
    const file = createWriteStream(path, { mode: 0o600 });
    await pipeline(stream, file, { signal });
    return path;
  } finally {
    quiet();
  }
}

async function explain<T>(
  ref: string,
  folder: string,
  parts: Parts,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, ref, folder, parts);
  }
}

function explained(
  error: unknown,
  ref: string,
  folder: string,
  { docker, signal }: Parts,
): unknown {
  if (error instanceof SlipwayError) return error;
  if (signal.aborted) {
    return new SlipwayError({
      code: 'SLIPWAY_E_CANCELLED',
      message: `cancelled while Docker saved ${ref}.`,
    });
  }
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SlipwayError({
      code: 'SLIPWAY_E_LOAD',
      message: `${folder} has no room for the archive of ${ref} (${code}).`,
      hint: 'Free some, or let TMPDIR name a folder on a larger disk.',
      cause: error,
    });
  }
  // What the disk refuses names a call; what a socket does, has none or read.
  if (code && syscall && syscall !== 'read') {
    return new SlipwayError({
      code: 'SLIPWAY_E_LOAD',
      message: `the archive of ${ref} could not be written: ${message}.`,
      hint: 'Let TMPDIR name a folder that you may write to.',
      cause: error,
    });
  }
  if (!isOfStream(error)) return error;
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_FAILED',
    message: `Docker at ${docker.address} broke off while it saved ${ref} (${message}).`,
    hint: 'Did Docker restart, or is its disk full? Nothing is left half: run it again.',
    cause: error,
  });
}

/** Whether the connection to Docker ended before the archive did. */
function isOfStream(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code);
}
