import type { Call } from '../read';
import { own } from '../values';
import { customBuild } from './custom-build';
import { dockerBuild } from './docker-build';
import { EXTENSIONS } from './extensions';
import type { Made } from './types';

export { withBases } from './bases';
export { FILE_SYNC_ONLY } from './file-sync-only';
export { optionsOf } from './options';
export { isImage } from './types';
export type { Dockerfile, Image, Made, NoImage, Step } from './types';

/** The image that a call builds, if it is a call that builds one. */
export function madeBy(call: Call): Made | undefined {
  if (call.name === 'custom_build') return customBuild(call);
  if (call.name === 'docker_build') return dockerBuild(call);
  return own(EXTENSIONS, call.name.replace(/^ext:\/\//, ''))?.(call);
}
