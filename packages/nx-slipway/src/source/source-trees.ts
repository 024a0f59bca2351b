import { basename, relative, sep } from 'node:path';
import { sourceFiles } from './source-files';
import type { ManifestSource, ReadValues } from './source';
import { compiled, existing, NEVER } from './walk';

/** Where files of a source are, or may come to be. */
export interface SourceTree {
  /** Absolute: a folder, a file, or what is not there yet. */
  readonly path: string;
  /** Whether a folder below it, absolute, can hold none. */
  readonly prunes: (folder: string) => boolean;
  /** Whether one may stand at a path below it, absolute, or come to. */
  readonly concerns: (path: string) => boolean;
}

/**
 * What must be watched to hear of every change of a source's files, those that
 * are not there yet, too. Which files a kustomization mentions changes with
 * it, so it is asked anew after each change.
 * @param root of the workspace, absolute
 */
export function sourceTrees(
  source: ManifestSource,
  readValues: ReadValues,
  root: string,
): SourceTree[] {
  switch (source.kind) {
    case 'yaml':
      return source.globs.map(treeOf);
    case 'command':
      return source.deps.map(treeOf);
    case 'helm':
      return [source.chart, ...source.values].map(whole);
    case 'kustomize': {
      const files = sourceFiles(source, readValues, root);
      const isOutside = (file: string) =>
        !file.startsWith(`${source.folder}${sep}`);
      return [source.folder, ...files.filter(isOutside)].map(whole);
    }
  }
}

function treeOf(path: string): SourceTree {
  const { base, rest } = existing(path);
  if (rest.length === 0) return whole(base);
  const { matches, mayHold } = compiled([rest.join('/')]);
  const names = (path: string) => relative(base, path).split(sep);
  return {
    path: base,
    prunes: (folder) => isNever(folder) || !mayHold(names(folder)),
    // A folder that has come or gone, too.
    concerns: (path) => matches(names(path).join('/')) || mayHold(names(path)),
  };
}

function whole(path: string): SourceTree {
  return { path, prunes: isNever, concerns: () => true };
}

function isNever(folder: string): boolean {
  return NEVER.has(basename(folder));
}
