import { relative, sep } from 'node:path';
import { mentionsOf, pathsInFile } from './kustomization';
import { realOf, unlinked } from './links';
import type { ManifestSource, ReadValues } from './source';
import {
  BESIDE,
  EVERYTHING,
  filesMatching,
  filesOf,
  leaveOut,
  MANIFEST_FILES,
  NEVER,
  statOf,
} from './walk';

/** More than any set of manifests has; `deps` may name a whole disk. */
const MAX_FILES = 10_000;

/**
 * The files that a source is made of, absolute and sorted: rather too many than
 * too few, but 10,000 at most, those nearest to what the source names. No tool
 * is run. What is not there or cannot be read is left out, and so is what a
 * command does not name in `deps`, bases at a URL, what plugins of kustomize
 * read, and all below `node_modules`, `.git` and `.nx`.
 * @param root of the workspace, absolute, which may itself lie below such a folder
 */
export function sourceFiles(
  source: ManifestSource,
  readValues: ReadValues,
  root: string = sep,
): string[] {
  const isNever = (path: string) =>
    relative(root, path)
      .split(sep)
      .some((name) => NEVER.has(name));
  const files = new Set<string>();
  for (const file of candidates(source, readValues, isNever)) {
    if (files.size === MAX_FILES) break;
    if (!isNever(file) && statOf(file)?.isFile()) files.add(file);
  }
  return [...files].sort();
}

function* candidates(
  source: ManifestSource,
  readValues: ReadValues,
  isNever: (path: string) => boolean,
): Generator<string> {
  const filesOfAll = function* (paths: readonly string[], within: string) {
    for (const path of paths) {
      if (!isNever(path)) yield* filesOf(path, within, leaveOut);
    }
  };
  switch (source.kind) {
    case 'yaml':
      yield* filesOfAll(source.globs, MANIFEST_FILES);
      break;
    case 'helm':
      yield* filesOfAll(source.values, EVERYTHING);
      yield* filesOfChart(source.chart, isNever);
      break;
    case 'command':
      yield* filesOfAll(source.deps, EVERYTHING);
      break;
    case 'kustomize':
      yield* filesOfKustomization(source.folder, readValues, isNever);
      break;
  }
}

/**
 * What lies in the folder of a kustomization, and all that it mentions and that
 * is there, from one kustomization to the next. A folder without one (charts)
 * counts whole.
 */
function* filesOfKustomization(
  named: string,
  readValues: ReadValues,
  isNever: (path: string) => boolean,
): Generator<string> {
  const root = unlinked(named);
  const seen = new Set<string>();
  const open = new Set([root]);
  const add = (paths: readonly string[]) =>
    paths.forEach((path) => open.add(path));
  for (const mentioned of open) {
    const stat = statOf(mentioned);
    if (stat?.isFile()) yield mentioned;
    if (!stat?.isDirectory()) continue;
    // As kustomize has it: `..` in a folder that a link leads to is above that.
    const path = unlinked(mentioned);
    if (isNever(path) || isSeen(path, seen)) continue;
    const mentions = mentionsOf(path, readValues);
    if (mentions) {
      yield* filesMatching(path, BESIDE, leaveOut);
      add(mentions.paths);
      for (const file of mentions.plugins) {
        add(pathsInFile(file, path, readValues));
      }
    } else if (!isAbove(path, root)) {
      // All of a folder that holds this one, `..`, would be the workspace.
      yield* filesOfChart(path, isNever);
    }
  }
}

/** All that lies in a folder; Helm follows the links in a chart. */
function* filesOfChart(
  chart: string,
  isNever: (path: string) => boolean,
): Generator<string> {
  const root = unlinked(chart);
  const seen = new Set<string>();
  const open = new Set([root]);
  for (const folder of open) {
    if (isNever(folder) || isSeen(folder, seen)) continue;
    for (const file of filesOf(folder, EVERYTHING, leaveOut)) {
      yield file;
      if (!statOf(file)?.isDirectory()) continue;
      const target = unlinked(file);
      if (!isAbove(target, root)) open.add(target);
    }
  }
}

/** Whether a folder was met before, maybe by another link. */
function isSeen(path: string, seen: Set<string>): boolean {
  const real = realOf(path);
  if (seen.has(real)) return true;
  seen.add(real);
  return false;
}

function isAbove(path: string, folder: string): boolean {
  return folder.startsWith(path.endsWith(sep) ? path : path + sep);
}
