import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { SlipwayError } from '../report';
import type { DaemonError } from './docker-errors';

/** @throws SLIPWAY_E_IMAGE_NOT_FOUND, and what dockerode throws */
export async function startSave(
  client: Dockerode,
  ref: string,
  address: string,
): Promise<Readable> {
  try {
    return (await client.getImage(ref).get()) as Readable;
  } catch (error) {
    // What is streamed has its answer in the message alone, so that isNotFound
    // could not tell.
    if ((error as DaemonError).statusCode !== 404) throw error;
    throw new SlipwayError({
      code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
      message: `the image ${ref} is no longer in Docker at ${address}.`,
      hint: 'Did somebody remove it meanwhile (docker image prune)? Run it again, and it is built again.',
      cause: error,
    });
  }
}
