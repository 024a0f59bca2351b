import type { TaggedImage } from '../docker';
import {
  familiarName,
  mapToRegistry,
  nameInTag,
  type ImageRecord,
} from '../image';
import { isOtherLockHeld, writeRecord } from '../state';
import type { BuildRun } from './build-run';
import type { CurrentImage } from './current-image';
import {
  contentTagOf,
  destinationOf,
  isInDocker,
  isInRegistry,
  ledgerKey,
  remember,
} from './destination';
import type { BuildPlan } from './plan';
import { readLastRecord } from './last-record';
import { dropOldTags, type DropOldTags } from './retention';
import type { BuildSystems } from './systems';

/** What is known when the command ends. */
export interface Ahead {
  /** Docker's images of this name, for the tidying up, if that is known. */
  readonly images?: Promise<TaggedImage[]>;
  readonly lastRecord: Promise<ImageRecord | undefined>;
}

/**
 * Does what takes a while and needs no image, while the command runs.
 * @param tidies whether this build tidies up itself
 */
export function workAhead(
  plan: BuildPlan,
  systems: BuildSystems,
  tidies: boolean,
): Ahead {
  if (isInRegistry(plan)) destinationOf(plan, systems).client.prepare();
  // A ref that the command writes is in a repository of its own.
  const isKnown = tidies && isInDocker(plan) && plan.source.kind !== 'file';
  const images = isKnown
    ? systems.docker.taggedImages(repositoryInDocker(plan))
    : undefined;
  // Who needs them is told; a build that fails has no need.
  images?.catch(() => undefined);
  const lastRecord = readLastRecord(plan.recordFile, systems.reporter);
  return { images, lastRecord };
}

/** A build whose image stands. */
interface Finishing {
  readonly plan: BuildPlan;
  readonly systems: BuildSystems;
  readonly run: Pick<BuildRun, 'tidyLater'>;
  readonly ahead: Ahead;
}

/**
 * Records, then tidies up: what fails from here on fails no build.
 * @param isOfInputs whether it is known of which inputs the image is
 */
export async function finish(
  { plan, systems, run, ahead }: Finishing,
  { record, contentId, deployRef }: CurrentImage,
  isOfInputs: boolean,
): Promise<void> {
  const { ledger, reporter, docker } = systems;
  const { images, lastRecord } = ahead;
  if (isOfInputs) {
    warnIfImageStood(await lastRecord, record, reporter);
    await writeRecord(plan.recordFile, record);
    await remember(
      ledger.rememberBuilt(ledgerKey(plan), record.inputHash, {
        contentId,
        ref: record.ref,
      }),
      reporter,
    );
  }
  if (!isInDocker(plan)) return;
  const { imageName, registry, tagPrefix, keep, source } = plan;
  const drop: DropOldTags = {
    docker,
    repository:
      source.kind === 'file' && !plan.push
        ? familiarName(deployRef.local)
        : repositoryInDocker(plan),
    tagPrefix,
    namePrefix: registry?.singleName ? nameInTag(imageName) : undefined,
    keep,
    othersBuild: () => isOtherLockHeld(plan.root, familiarName(imageName)),
    reporter,
    earlier: images && { images, given: contentTagOf(plan, contentId) },
  };
  if (run.tidyLater) run.tidyLater(() => dropOldTags(drop));
  else await dropOldTags(drop);
}

function repositoryInDocker({ imageName, registry }: BuildPlan): string {
  return familiarName(mapToRegistry(imageName, registry).local);
}

/** A command that builds nothing looks just like this: same image, new inputs. */
function warnIfImageStood(
  last: ImageRecord | undefined,
  { name, contentId, inputHash }: ImageRecord,
  reporter: BuildSystems['reporter'],
): void {
  const isSame = last?.name === name && last.contentId === contentId;
  if (isSame && last.inputHash !== inputHash) {
    reporter.warn(
      'the inputs changed, but the image did not. If that surprises you, check that the command really builds $EXPECTED_REF.',
    );
  }
}
