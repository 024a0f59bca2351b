import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  resolveDep,
  sharedBy,
  splitGlob,
  walkOf,
  type Dep,
  type DepSelection,
  type Shared,
} from './dep-files';
import { dockerignoreIn, type LeftOut } from './dep-rules';
import { ignoreRules } from './ignore-rules';
import { ifThere } from './read-if-there';
import { toPosix } from './to-posix';

/** What one dep says of a file that lies in it. */
export interface FileInDep {
  /** Relative to the workspace root, with `/`. */
  readonly dep: string;
  /** Why it is no input; undefined if it is one. */
  readonly leftOut?: LeftOutBy;
}

/** A rule, and where it stands. */
export interface LeftOutBy {
  /** `link`: it lies behind one, which is an input itself. */
  readonly by: LeftOut | 'link';
  /** The folder that is left out with all in it, relative to the root, with `/`. */
  readonly folder?: string;
  /** Of `ignore` and `dockerignore`: the last one that decides. */
  readonly pattern?: string;
  /** Of `dockerignore`: the file, relative to the root, and the line from 1. */
  readonly file?: string;
  readonly line?: number;
}

/**
 * What the deps of a selection say of one file, which need not be there yet: the
 * answers of `depFiles`, with reasons. Deps that it does not lie in say nothing.
 * @param file absolute
 * @throws SLIPWAY_E_OPTION_INVALID for patterns that cannot be read
 */
export async function fileInDeps(
  selection: DepSelection,
  file: string,
): Promise<FileInDep[]> {
  const shared = sharedBy(selection);
  const said = await Promise.all(
    selection.deps.map((dep) => saidBy(dep, selection, file, shared)),
  );
  return said.flatMap((one) => one ?? []);
}

async function saidBy(
  dep: Dep,
  selection: DepSelection,
  file: string,
  shared: Shared,
): Promise<FileInDep | undefined> {
  const { root } = selection;
  const { base, glob } = await splitGlob(root, dep.path);
  const place = await resolveDep(base);
  const answer = { dep: toPosix(relative(root, dep.path)) };
  if (file === base || file === place?.path) {
    // A folder has no content, nor is a glob a file.
    return glob || place?.kind === 'directory' ? undefined : answer;
  }
  const folder = place?.path ?? base;
  const path = isBelow(file, folder)
    ? file
    : // Who names what lies behind the dep's own link means that.
      place?.link && isBelow(file, place.link)
      ? join(folder, relative(place.link, file))
      : undefined;
  if (path === undefined || place?.kind === 'file') return undefined;
  const walk = await walkOf({ ...dep, path: folder }, selection, shared, glob);
  for (const above of foldersBetween(folder, path)) {
    const by = walk.leavesOut(above, true) ?? (await linkAt(above));
    if (!by) continue;
    const named = toPosix(relative(root, above));
    return { ...answer, leftOut: { by, folder: named } };
  }
  const within = toPosix(relative(folder, path));
  const by = walk.leavesOut(path, false) ?? walk.leavesOutFile(within);
  if (!by) return answer;
  const rule = await ruleOf(by, within, folder, selection);
  return { ...answer, leftOut: { by, ...rule } };
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** From the top down. */
function foldersBetween(folder: string, path: string): string[] {
  const between: string[] = [];
  let above = dirname(path);
  while (above !== folder) {
    between.unshift(above);
    above = dirname(above);
  }
  return between;
}

async function linkAt(path: string): Promise<'link' | undefined> {
  const stat: Stats | undefined = await ifThere(lstat(path));
  return stat?.isSymbolicLink() ? 'link' : undefined;
}

async function ruleOf(
  by: LeftOut,
  path: string,
  folder: string,
  selection: DepSelection,
): Promise<Omit<LeftOutBy, 'by'>> {
  if (by === 'ignore') {
    const { ignore } = selection;
    return { pattern: ignore[decider(ignore, path)] };
  }
  if (by !== 'dockerignore') return {};
  const patterns = await dockerignoreIn(folder, selection);
  const index = decider(patterns, path);
  return {
    pattern: patterns[index]?.trim(),
    file: toPosix(relative(selection.root, join(folder, '.dockerignore'))),
    line: index + 1,
  };
}

/** Without this pattern, and those after it, the path is not ignored. */
function decider(patterns: readonly string[], path: string): number {
  let count = patterns.length;
  const isIgnoredBy = (first: number) =>
    ignoreRules(patterns.slice(0, first), 'ignore').ignores(path);
  while (count > 0 && isIgnoredBy(count - 1)) count -= 1;
  return count - 1;
}
