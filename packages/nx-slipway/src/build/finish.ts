import type { TaggedImage } from '../docker';
import {
  familiarName,
  mapToRegistry,
  nameInTag,
  type ImageRecord,
} from '../image';
import { loadHttp } from '../registry';
import { isOtherLockHeld, writeRecord } from '../state';
import type { CurrentImage } from './current-image';
import {
  contentTagOf,
  isInDocker,
  isInRegistry,
  ledgerKey,
  remember,
} from './destination';
import type { BuildPlan } from './plan';
import { readLastRecord } from './last-record';
import { dropOldTags } from './retention';
import type { BuildSystems } from './systems';

/**
 * Does what takes a while and needs no image, while the command runs.
 * @returns Docker's images of this name, for the tidying up
 */
export function workAhead(
  plan: BuildPlan,
  { docker }: BuildSystems,
): Promise<TaggedImage[]> | undefined {
  if (isInRegistry(plan)) loadHttp();
  if (!isInDocker(plan)) return undefined;
  const images = docker.taggedImages(repositoryInDocker(plan));
  // Who needs them is told; a build that fails has no need.
  images.catch(() => undefined);
  return images;
}

/** Records, then tidies up: what fails from here on fails no build. */
export async function finish(
  plan: BuildPlan,
  systems: BuildSystems,
  { record, contentId }: CurrentImage,
  images: Promise<TaggedImage[]> | undefined,
): Promise<void> {
  const { ledger, reporter, docker } = systems;
  await warnIfImageStood(plan, record, reporter);
  await writeRecord(plan.recordFile, record);
  await remember(
    ledger.rememberBuilt(ledgerKey(plan), record.inputHash, contentId),
    reporter,
  );
  if (!isInDocker(plan)) return;
  const { imageName, registry, tagPrefix, keep, source } = plan;
  // A ref that the command wrote may have been left without a content tag.
  const isGiven = images !== undefined && source.kind !== 'file';
  await dropOldTags({
    docker,
    repository: repositoryInDocker(plan),
    tagPrefix,
    namePrefix: registry?.singleName ? nameInTag(imageName) : undefined,
    keep,
    othersBuild: () => isOtherLockHeld(plan.root, familiarName(imageName)),
    reporter,
    earlier: isGiven
      ? { images, given: contentTagOf(plan, contentId) }
      : undefined,
  });
}

function repositoryInDocker({ imageName, registry }: BuildPlan): string {
  return familiarName(mapToRegistry(imageName, registry).local);
}

/** A command that builds nothing looks just like this: same image, new inputs. */
async function warnIfImageStood(
  plan: BuildPlan,
  { contentId, inputHash }: ImageRecord,
  reporter: BuildSystems['reporter'],
): Promise<void> {
  const last = await readLastRecord(plan.recordFile, reporter);
  if (last && last.contentId === contentId && last.inputHash !== inputHash) {
    reporter.warn(
      'the inputs changed, but the image did not. If that surprises you, check that the command really builds $EXPECTED_REF.',
    );
  }
}
