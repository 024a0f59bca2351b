import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { ManifestText } from '../manifest';
import type { YamlSource } from './source';
import { shown, sourceError } from './source-error';
import { decode } from './utf8';
import { filesOf, MANIFEST_FILES, refuse } from './walk';

const MIB = 1024 * 1024;
/** As much as is read of any one text. */
const MAX_BYTES = 64 * MIB;

/**
 * In the order of the globs, each file once, those of a glob by name.
 * @param root of the workspace, absolute
 * @throws SLIPWAY_E_SOURCE
 */
export async function readYaml(
  { globs }: YamlSource,
  root: string,
): Promise<ManifestText[]> {
  const files = new Set<string>();
  for (const glob of globs) {
    const found = [...filesOf(glob, MANIFEST_FILES, refuse)].sort();
    if (found.length === 0) {
      throw sourceError(
        `no file matches ${shown(root, glob)}, which source.yaml names`,
        'Correct the path; it is relative to the project root unless it starts with {workspaceRoot}.',
      );
    }
    for (const file of found) files.add(file);
  }
  const texts: ManifestText[] = [];
  // One after the other: thousands at once would be too many open files.
  for (const file of files) texts.push(await readText(file, root));
  return texts;
}

async function readText(file: string, root: string): Promise<ManifestText> {
  const origin = shown(root, file);
  let bytes: Buffer;
  try {
    await assertFile(file, root);
    bytes = await readFile(file);
  } catch (error) {
    throw sourceError(
      `${origin} cannot be read: ${(error as Error).message}`,
      'Make it a file that can be read, or take it out of the source.',
      error,
    );
  }
  const text = decode(bytes);
  if (text !== undefined) return { origin, text };
  throw sourceError(`${origin} is not UTF-8`, 'Save it as UTF-8.');
}

/** @throws Error with what is wrong */
async function assertFile(file: string, root: string): Promise<void> {
  if ((await lstat(file)).isSymbolicLink()) {
    const target = await realpath(file);
    if (isOutside(await realpath(root), target) && !isOutside(root, file)) {
      throw new Error(`it is a link out of the workspace, to ${target}`);
    }
  }
  const info = await stat(file);
  if (!info.isFile()) throw new Error('it is no file');
  if (info.size > MAX_BYTES) {
    throw new Error(
      `it has ${Math.ceil(info.size / MIB)} MiB, and ${MAX_BYTES / MIB} are read`,
    );
  }
}

function isOutside(folder: string, path: string): boolean {
  return relative(folder, path).split(sep)[0] === '..';
}
