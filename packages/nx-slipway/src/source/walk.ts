import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import picomatch from 'picomatch';
import { reachOf } from './glob-reach';
import { sourceError, toPosix } from './source-error';

/** Nobody keeps manifests there. */
const NEVER = new Set(['node_modules', '.git', '.nx']);

/** What kubectl takes of a folder. */
const MANIFEST_FILES = '**/*.{yaml,yml,json}';

/**
 * What a path of an option stands for, absolute and sorted: a file, manifests of
 * a folder, or those that a glob matches. What exists under that very name is no
 * glob: `pages/[id].yaml`, `/home/me/work (copy)`.
 * @param path absolute
 * @throws SLIPWAY_E_SOURCE if a folder cannot be read
 */
export async function filesOf(path: string): Promise<string[]> {
  const { base, rest } = await existing(path);
  if (rest.length > 0) {
    const glob = rest.join('/');
    const scanned = picomatch.scan(glob);
    // A name before the first glob would be there.
    const isGlob = scanned.isGlob && scanned.base === '';
    return isGlob && (await isFolder(base)) ? filesMatching(base, glob) : [];
  }
  return (await isFolder(base)) ? filesMatching(base, MANIFEST_FILES) : [base];
}

/**
 * The files below a folder that a glob matches, absolute and sorted. Links to
 * folders are not followed.
 * @param glob relative to `base`, with `/`
 * @param nameFor as what name a file is looked at
 * @throws SLIPWAY_E_SOURCE if a folder cannot be read
 */
export async function filesMatching(
  base: string,
  glob: string | readonly string[],
  nameFor = (path: string) => path,
): Promise<string[]> {
  const matches = picomatch(glob as string | string[]);
  const mayHold = reachOf([glob].flat());
  const found: string[] = [];
  const see = (file: string) => {
    if (matches(nameFor(toPosix(relative(base, file))))) found.push(file);
  };
  await walk(base, see, (folder) => mayHold(relative(base, folder).split(sep)));
  return found.sort();
}

export async function isFolder(path: string): Promise<boolean> {
  return (await statOf(path))?.isDirectory() ?? false;
}

/** Whatever it is, or `undefined` where there is nothing to be seen. */
export function statOf(path: string) {
  return stat(path).catch(() => undefined);
}

/** The part of a path that is there, and the names below it that are not. */
async function existing(path: string) {
  const names = path.split(sep);
  const rest: string[] = [];
  while (names.length > 1 && !(await statOf(names.join(sep) || sep))) {
    rest.unshift(names.pop() ?? '');
  }
  return { base: names.join(sep) || sep, rest };
}

async function walk(
  folder: string,
  see: (file: string) => void,
  mayHold: (folder: string) => boolean,
) {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const isLookedInto = !NEVER.has(entry.name) && mayHold(path);
      if (isLookedInto) await walk(path, see, mayHold);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      see(path);
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw sourceError(
      `${folder} cannot be looked through for manifests: ${(error as Error).message}`,
      'Make it readable, or write a "source" that does not lead there.',
      error,
    );
  }
}
