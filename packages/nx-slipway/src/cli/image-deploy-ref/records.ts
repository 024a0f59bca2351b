import {
  familiarName,
  type ImageRecord,
  type ImageReference,
} from '../../image';
import { SlipwayError } from '../../report';
import { readRecord } from '../../state';
import type { Build } from './builds';

/**
 * The record of the last build of an image.
 * @param name without tag
 * @param builds the targets that build it
 * @throws SLIPWAY_E_IMAGE_NOT_FOUND
 */
export async function recordNamed(
  name: ImageReference,
  builds: readonly Build[],
  warn: (line: string) => void,
): Promise<ImageRecord> {
  const paths = builds.flatMap((build) => build.recordPaths);
  const records = await recordsIn(paths, name, warn);
  if (records.length > 0) return theOne(records, name);
  throw notBuilt(name, builds);
}

async function recordsIn(
  paths: readonly string[],
  name: ImageReference,
  warn: (line: string) => void,
): Promise<ImageRecord[]> {
  const read = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      const found = await readRecord(path);
      if (found && 'refused' in found) {
        warn(
          `${path} is no image record of ours (${found.refused}): it is not used.`,
        );
      }
      return found && 'record' in found ? [found.record] : [];
    }),
  );
  const wanted = familiarName(name);
  return read.flat().filter((record) => record.name === wanted);
}

function theOne(
  records: readonly ImageRecord[],
  name: ImageReference,
): ImageRecord {
  const [first, ...others] = records;
  if (first && others.every((each) => each.contentId === first.contentId)) {
    return first;
  }
  throw new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
    message: `${records.length} records are of "${familiarName(name)}", with different content.`,
    hint: 'Give a ref with a tag, which is looked up in Docker, or remove the record that is not meant from .nx/slipway.',
  });
}

function notBuilt(name: ImageReference, [build]: readonly Build[]) {
  return new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
    message: `"${familiarName(name)}" was not built here yet, or its record is gone.`,
    hint:
      build &&
      `Build it: nx run ${build.task}. If Nx answers from its cache, add --skip-nx-cache, and name the record in outputs of that target: {workspaceRoot}/.nx/slipway/${build.project}.json, or what recordFile says.`,
  });
}
