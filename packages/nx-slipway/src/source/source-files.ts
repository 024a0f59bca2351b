import { sep } from 'node:path';
import { kustomizationIn, pathsInFile } from './kustomization';
import type { ManifestSource } from './source';
import {
  BESIDE,
  EVERYTHING,
  filesMatching,
  filesOf,
  isFolder,
  MANIFEST_FILES,
  statOf,
} from './walk';

/**
 * The files that a source is made of, absolute and sorted: rather too many than
 * too few. No tool is run, and what is not there is left out: what a command
 * does not name in `deps`, bases at a URL, and what plugins of kustomize read.
 * @throws SLIPWAY_E_SOURCE if a folder cannot be read
 */
export async function sourceFiles(source: ManifestSource): Promise<string[]> {
  const found = await candidates(source);
  const stats = await Promise.all(found.map(statOf));
  const files = found.filter((_, index) => stats[index]?.isFile());
  return [...new Set(files)].sort();
}

async function candidates(source: ManifestSource): Promise<string[]> {
  switch (source.kind) {
    case 'yaml':
      return filesOfAll(source.globs, MANIFEST_FILES);
    case 'helm':
      return filesOfAll([source.chart, ...source.values]);
    case 'command':
      return filesOfAll(source.deps);
    case 'kustomize':
      return filesOfKustomization(source.folder);
  }
}

async function filesOfAll(paths: readonly string[], within?: string) {
  const files: string[] = [];
  for (const path of paths) files.push(...(await filesOf(path, within)));
  return files;
}

/**
 * What lies in the folder of a kustomization, and all that it mentions and that
 * is there, from one kustomization to the next. A folder without one (charts)
 * counts whole.
 */
async function filesOfKustomization(root: string): Promise<string[]> {
  const files: string[] = [];
  const seen = new Set<string>();
  const open = [root];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (!(await isFolder(path))) {
      files.push(path);
      continue;
    }
    const kustomization = await kustomizationIn(path);
    // All of a folder that holds this one, `..`, would be the workspace.
    if (!kustomization && isAbove(path, root)) continue;
    files.push(
      ...(await filesMatching(path, kustomization ? BESIDE : EVERYTHING)),
    );
    if (!kustomization) continue;
    open.push(...kustomization.mentioned);
    for (const file of kustomization.plugins) {
      if (await isFolder(file)) continue;
      open.push(...(await pathsInFile(file, path)));
    }
  }
  return files;
}

function isAbove(path: string, folder: string): boolean {
  return folder.startsWith(path.endsWith(sep) ? path : path + sep);
}
