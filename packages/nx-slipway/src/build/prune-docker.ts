import type { DockerEngine, TaggedImage } from '../docker';
import {
  datedTags,
  isUsed,
  newestFirst,
  removeTag,
  tagsOfOurForm,
  type DatedTag,
  type FormedTag,
} from './retention';

export interface PruneDocker {
  readonly docker: DockerEngine;
  readonly tagPrefix: string;
  /** How many content tags of each image name stay, 1 or more. */
  readonly keep: number;
  /** Only tell what would go. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What became of the tags of one image name; all are full refs. */
export interface PruneReport {
  readonly repository: string;
  /** Which image, where many share one repository. */
  readonly namePrefix?: string;
  /** Newest first. */
  readonly kept: readonly string[];
  readonly removed: readonly string[];
  /** Old, but a container uses the image. */
  readonly inUse: readonly string[];
  /** Removed too: what builds left that were killed more than a day ago. */
  readonly transient: readonly string[];
  /** Of the images that went; less is freed where others share layers. */
  readonly bytes: number;
}

/** Longer than any build takes: a younger transient tag may be awaited. */
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps the newest content tags of each image name in each repository of this
 * Docker, and removes the others with the transient tags of killed builds.
 * Tags are known by form and content, so those of other workspaces that have
 * the same prefix are pruned by the same rule.
 * @throws SLIPWAY_E_DOCKER_*; what went before stays gone
 */
export async function pruneDocker(prune: PruneDocker): Promise<PruneReport[]> {
  const { docker, tagPrefix } = prune;
  const images = await docker.allTagged();
  const formed = tagsOfOurForm(images, tagPrefix);
  if (formed.length === 0) return [];
  const inUse = await docker.imagesInUse();
  const reports: PruneReport[] = [];
  for (const tags of byName(formed)) {
    const ours = await datedTags(docker, tags, tagPrefix);
    const [first] = ours;
    if (!first) continue;
    const { repository, namePrefix } = first;
    const report = await pruneName(prune, ours, inUse);
    const bytes = bytesOf(images, [...report.removed, ...report.transient]);
    reports.push({ repository, namePrefix, ...report, bytes });
  }
  return reports;
}

async function pruneName(
  { docker, keep, dryRun, now }: PruneDocker,
  ours: readonly DatedTag[],
  inUse: Set<string>,
) {
  const report = {
    kept: [] as string[],
    removed: [] as string[],
    inUse: [] as string[],
    transient: [] as string[],
  };
  const isKind = (kind: FormedTag['kind']) => (tag: DatedTag) =>
    tag.kind === kind;
  const content = newestFirst(ours.filter(isKind('content')));
  report.kept.push(...content.slice(0, keep).map(({ ref }) => ref));
  const leftover = ours.filter(isKind('transient')).filter(isLeftover(now()));
  for (const tag of [...content.slice(keep), ...leftover]) {
    const end = isUsed(tag, inUse)
      ? 'used'
      : dryRun
        ? 'removed'
        : await removeTag(docker, tag, { pruneParents: true });
    if (end === 'used') report.inUse.push(tag.ref);
    else if (end === 'renewed') report.kept.push(tag.ref);
    else if (tag.kind === 'transient') report.transient.push(tag.ref);
    else report.removed.push(tag.ref);
  }
  return report;
}

/** One whose age nobody knows is left alone. */
function isLeftover(now: number) {
  return ({ tagged }: DatedTag) => {
    const time = Date.parse(tagged);
    return time > 0 && now - time > DAY_MS;
  };
}

function byName(tags: readonly FormedTag[]): Iterable<FormedTag[]> {
  const groups = new Map<string, FormedTag[]>();
  for (const tag of tags) {
    const name = `${tag.repository}:${tag.namePrefix ?? ''}`;
    groups.set(name, [...(groups.get(name) ?? []), tag]);
  }
  return groups.values();
}

/** An image goes with its last tag. */
function bytesOf(
  images: readonly TaggedImage[],
  removed: readonly string[],
): number {
  const gone = new Set(removed);
  return images
    .filter(({ tags }) => tags.every((tag) => gone.has(tag)))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
