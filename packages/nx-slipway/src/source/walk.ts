import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import picomatch from 'picomatch';

/** Nobody keeps manifests there. */
const NEVER = new Set(['node_modules', '.git', '.nx']);

/**
 * The files that globs match, absolute and sorted. Links are not followed.
 * @param globs absolute, with `/`; only what is below `base` is looked at
 */
export async function filesMatching(
  base: string,
  globs: readonly string[],
): Promise<string[]> {
  const matches = globs.map((glob) => matcherBelow(base, glob));
  const found: string[] = [];
  await walk(base, (file) => {
    const path = relative(base, file).split(sep).join('/');
    if (matches.some((match) => match(path))) found.push(file);
  });
  return found.sort();
}

/** The folder itself may have characters that mean something in a glob. */
function matcherBelow(base: string, glob: string): (path: string) => boolean {
  const prefix = `${base.split(sep).join('/')}/`;
  const plain = glob.split(sep).join('/');
  if (!plain.startsWith(prefix)) return () => false;
  return picomatch(plain.slice(prefix.length), { dot: false });
}

async function walk(folder: string, see: (file: string) => void) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!NEVER.has(entry.name)) await walk(path, see);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      see(path);
    }
  }
}
