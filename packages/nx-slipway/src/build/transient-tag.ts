import type { DockerEngine } from '../docker';
import {
  contentId,
  contentTag,
  familiarName,
  formatReference,
  identityOfInspect,
  referenceIn,
} from '../image';
import type { TaggedReference } from './plan';

const TRANSIENT_TAG = /-build-[0-9a-f]{16}$/;

/**
 * @param text untrusted
 * @returns the ref, if it is one that we would have given a build command
 */
export function transientIn(text: unknown): TaggedReference | undefined {
  const found = referenceIn(text);
  if (found?.tag === undefined) return undefined;
  // A digest, if there is one, is not in what it is compared with.
  const { domain, path, tag } = found;
  const ref = { domain, path, tag };
  const isOurs = TRANSIENT_TAG.test(tag) && formatReference(ref) === text;
  return isOurs ? ref : undefined;
}

/**
 * Takes a transient tag out of Docker. An image that a container uses would be
 * left without a name, which Docker refuses: it gets the tag of its content in
 * place of this one, and `keep` leaves it alone as long as it is used.
 */
export async function takeAway(
  docker: DockerEngine,
  ref: TaggedReference,
): Promise<void> {
  const text = formatReference(ref);
  if (await docker.untag(text)) return;
  const image = await docker.inspect(text);
  if (!image) return;
  const id = contentId(identityOfInspect(image));
  const tag = contentTag(id, ref.tag.replace(TRANSIENT_TAG, ''));
  await docker.tag(image.Id, familiarName(ref), tag);
  await docker.untag(text);
}
