import { readdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import {
  familiarName,
  parseReference,
  type ImageRecord,
  type ImageReference,
} from '../../image';
import { SlipwayError } from '../../report';
import { readRecord, recordPath } from '../../state';
import { projectGraph } from '../workspace';

const EXECUTOR = 'nx-slipway:custom-build';
/** Below the records' folder, of locks and the like. */
const STATE = 'state';

/**
 * The record of the last build of an image. Where no record in the usual folder
 * is of it, Nx is asked who builds it, and where that record is.
 * @param name without tag
 * @throws SLIPWAY_E_IMAGE_NOT_FOUND
 */
export async function recordNamed(
  name: ImageReference,
  root: string,
  warn: (line: string) => void,
): Promise<ImageRecord> {
  const usual = await recordsIn(await usualPaths(root), name, warn);
  if (usual.length > 0) return theOne(usual, name);
  const builds = await buildsOf(name, root);
  const paths = builds.flatMap((build) => build.recordPaths);
  const elsewhere = await recordsIn(paths, name, warn);
  if (elsewhere.length > 0) return theOne(elsewhere, name);
  throw notBuilt(name, builds);
}

/** A project's name may have slashes, and then its record is in a folder. */
async function usualPaths(root: string): Promise<string[]> {
  const folder = dirname(recordPath(root, 'any'));
  try {
    const names = await readdir(folder, { recursive: true });
    return names
      .filter((name) => name.endsWith('.json') && name.split(sep)[0] !== STATE)
      .map((name) => join(folder, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
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
        warn(`${path} is no record of ours (${found.refused}): not used.`);
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

interface Build {
  /** As nx run takes it: `frontend:custom-build`. */
  readonly task: string;
  /** Where its record may be. */
  readonly recordPaths: readonly string[];
}

async function buildsOf(name: ImageReference, root: string): Promise<Build[]> {
  const { nodes } = await projectGraph(root);
  return Object.values(nodes).flatMap(({ name: project, data }) =>
    Object.entries(data.targets ?? {}).flatMap(
      ([target, { executor, options }]) => {
        const { ref, recordFile } = (options ?? {}) as Record<string, unknown>;
        if (executor !== EXECUTOR || !isSameName(ref, name)) return [];
        // Nx has taken the {workspaceRoot} away that told these two apart.
        const recordPaths =
          typeof recordFile === 'string'
            ? [join(root, data.root, recordFile), join(root, recordFile)]
            : [recordPath(root, project)];
        return [{ task: `${project}:${target}`, recordPaths }];
      },
    ),
  );
}

function isSameName(ref: unknown, name: ImageReference): boolean {
  if (typeof ref !== 'string') return false;
  try {
    return familiarName(parseReference(ref)) === familiarName(name);
  } catch (error) {
    // Of another image at any rate; its own build says what is wrong with it.
    if (error instanceof SlipwayError) return false;
    throw error;
  }
}

function notBuilt(name: ImageReference, builds: readonly Build[]) {
  const [build] = builds;
  return new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
    message: build
      ? `"${familiarName(name)}" was not built here yet, or its record is gone.`
      : `no project of this workspace builds "${familiarName(name)}".`,
    hint: build
      ? `Build it: nx run ${build.task}`
      : 'Give the image name as in the option ref of custom-build, or a ref with a tag that is in Docker.',
  });
}
