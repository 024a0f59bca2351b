import type {
  DockerEngine,
  InspectedImage,
  TaggedImage,
  UntagOptions,
} from '../docker';
import { contentId, contentTag, identityOfInspect } from '../image';
import { SlipwayError, type Reporter } from '../report';

export interface DropOldTags {
  readonly docker: DockerEngine;
  /** Mapped to the registry, as Docker writes it: `localhost:5000/frontend`. */
  readonly repository: string;
  readonly tagPrefix: string;
  /** What stands before the tag where many images share one repository. */
  readonly namePrefix?: string;
  /** How many content tags stay, 1 or more. */
  readonly keep: number;
  /** Whether other images are being built just now. */
  readonly othersBuild: () => Promise<boolean>;
  readonly reporter: Reporter;
  /** A list of earlier, and what is new since; else Docker is asked now. */
  readonly earlier?: EarlierList;
}

/** Docker takes a while to list images, so it may be asked ahead of need. */
export interface EarlierList {
  readonly images: Promise<readonly TaggedImage[]>;
  /** The content tag that was given since: one of those that stay. */
  readonly given: string;
}

/**
 * How many times `keep` may stay while others build: Docker's builder without
 * BuildKit lists the images made of a base, reads each, and fails when one was
 * removed in between (moby, image/cache). A later build tidies up, in peace or
 * when there are more.
 */
const PATIENCE = 2;

/**
 * Keeps the newest content tags of one image name in Docker and removes the
 * rest; one request where there are not more. What a container uses stays, and
 * so does every tag that is not ours. Never fails a build, nor another one.
 * @returns the refs that were removed
 */
export async function dropOldTags(drop: DropOldTags): Promise<string[]> {
  const { docker, repository, tagPrefix, reporter, earlier } = drop;
  const keep = earlier ? drop.keep - 1 : drop.keep;
  const removed: string[] = [];
  try {
    const images = await (earlier?.images ?? docker.taggedImages(repository));
    const candidates = tagsOfOurForm(images, tagPrefix).filter(
      ({ kind, namePrefix, ref }) =>
        kind === 'content' &&
        namePrefix === drop.namePrefix &&
        ref !== `${repository}:${earlier?.given}`,
    );
    if (candidates.length <= keep) return removed;
    const mayWait = candidates.length <= PATIENCE * drop.keep;
    if (mayWait && (await drop.othersBuild())) return removed;
    const ours = await datedTags(docker, candidates, tagPrefix);
    const old = newestFirst(ours).slice(keep);
    if (old.length === 0) return removed;
    const inUse = await docker.imagesInUse();
    for (const tag of old) {
      if (isUsed(tag, inUse)) continue;
      // Without its untagged parents: another build may stand on them just now.
      if ((await removeTag(docker, tag)) === 'removed') removed.push(tag.ref);
    }
  } catch (error) {
    const why = error instanceof SlipwayError ? error.message : String(error);
    reporter.warn(`old tags of ${repository} are still in Docker: ${why}`);
  }
  return removed;
}

/** A tag that has the form of ours; its image was not looked at yet. */
export interface FormedTag {
  readonly kind: 'content' | 'transient';
  /** In full. */
  readonly ref: string;
  readonly repository: string;
  readonly namePrefix?: string;
  /** Less what stands before it. */
  readonly tag: string;
  readonly image: TaggedImage;
}

export interface DatedTag extends FormedTag {
  /** When this Docker last tagged the image, RFC 3339. */
  readonly tagged: string;
}

export function tagsOfOurForm(
  images: readonly TaggedImage[],
  tagPrefix: string,
): FormedTag[] {
  const prefix = tagPrefix.replace(/[.]/g, '\\.');
  const form = new RegExp(
    `^(.+):(?:([^:/]+)-)?(${prefix}-(build-)?[0-9a-f]{16})$`,
  );
  return images.flatMap((image) =>
    image.tags.flatMap((ref): FormedTag[] => {
      const [, repository, namePrefix, tag, build] = form.exec(ref) ?? [];
      if (repository === undefined || tag === undefined) return [];
      const kind = build ? 'transient' : 'content';
      return [{ kind, ref, repository, namePrefix, tag, image }];
    }),
  );
}

/**
 * Looks at the images. What is gone meanwhile is left out, and so is a content
 * tag that does not say its image's content id, for it is not ours; a transient tag is ours by its form.
 */
export async function datedTags(
  docker: DockerEngine,
  tags: readonly FormedTag[],
  tagPrefix: string,
): Promise<DatedTag[]> {
  const looked = await Promise.all(
    tags.map(async (tag): Promise<DatedTag[]> => {
      const image = await docker.inspect(tag.ref);
      if (!image) return [];
      const mine =
        tag.kind === 'transient' || tag.tag === ownTag(image, tagPrefix);
      return mine ? [{ ...tag, tagged: tagTime(image) }] : [];
    }),
  );
  return looked.flat();
}

/** One order for tags of the same moment too. */
export function newestFirst(tags: readonly DatedTag[]): DatedTag[] {
  return [...tags].sort(
    (a, b) =>
      Date.parse(b.tagged) - Date.parse(a.tagged) || (a.ref < b.ref ? -1 : 1),
  );
}

/** @param inUse ids and refs */
export function isUsed({ ref, image }: FormedTag, inUse: Set<string>): boolean {
  return inUse.has(image.id) || inUse.has(ref);
}

/**
 * Removes a tag unless it is another's by now: a build that has this very
 * content again tags it anew. With the last tag the image goes.
 */
export async function removeTag(
  docker: DockerEngine,
  { ref, tagged }: DatedTag,
  options?: UntagOptions,
): Promise<'removed' | 'used' | 'renewed'> {
  const image = await docker.inspect(ref);
  if (image && tagTime(image) !== tagged) return 'renewed';
  const isGone = await docker.untag(ref, options);
  return isGone ? 'removed' : 'used';
}

function ownTag(image: InspectedImage, tagPrefix: string): string {
  return contentTag(contentId(identityOfInspect(image)), tagPrefix);
}

/** Docker's own zero for an image that it pulled and never tagged. */
const NEVER = '0001-01-01T00:00:00Z';

function tagTime(image: InspectedImage): string {
  const time = image.Metadata?.LastTagTime;
  return time !== undefined && !Number.isNaN(Date.parse(time)) ? time : NEVER;
}
