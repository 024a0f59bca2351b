import type { Call } from '../read';
import { asPathsIn, asText, given } from '../values';
import { customImage, unmade } from './custom-build';
import type { Made } from './types';

export const FILE_SYNC_ONLY = [
  ...['image', 'manifests', 'deps', 'live_update', 'allow_duplicates'],
];

/** Its `manifests` are read where those of k8s_yaml are. */
export function fileSyncOnly(call: Call): Made {
  const taken = given(call, FILE_SYNC_ONLY);
  const image = taken.take('image', asText);
  if (!image) return unmade(call, taken);
  taken.value('manifests');
  taken.value('allow_duplicates');
  return customImage(call, taken, {
    ref: image.replace(/:[^:/]*$/, ''),
    command: ':',
    deps: taken.take('deps', asPathsIn(call.dir)) ?? [call.dir],
  });
}
