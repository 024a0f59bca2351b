import { globsOf, isWithin, literal, type Area } from './areas';
import type { Site } from './option-path';

/** Which projects lie in which others: Nx gives a file to the innermost. */
export class Nesting {
  private readonly inner = new Map<string, string[]>();

  /** @param roots of all projects, as they declare them */
  constructor(roots: readonly string[]) {
    const known = new Set(roots);
    for (const root of roots) {
      for (const outer of foldersAbove(root)) {
        if (!known.has(outer) || outer === root) continue;
        const inner = this.inner.get(outer);
        if (inner) inner.push(root);
        else this.inner.set(outer, [root]);
      }
    }
  }

  /** Folders of projects in a project, below its root. */
  innerOf(root: string): ReadonlySet<string> {
    const inner = this.inner.get(root);
    if (!inner) return NONE;
    const start = root === '.' ? 0 : root.length + 1;
    return new Set(inner.map((one) => one.slice(start)));
  }

  /** Whether the files of an area are all of that project to Nx, and found there. */
  isOf({ base }: Pick<Area, 'base'>, { root }: Site): boolean {
    if (!isWithin(base, folderOf(root))) return false;
    // Nx puts the root into globs as it is: `apps/[x]` would not be found.
    if (literal(root) !== root) return false;
    return !(this.inner.get(root) ?? []).some(
      (inner) => isWithin(base, inner) || isWithin(inner, base),
    );
  }
}

const NONE: ReadonlySet<string> = new Set();

/** `.` is the workspace root, whose folder is ''. */
export function folderOf(root: string): string {
  return root === '.' ? '' : root;
}

function foldersAbove(root: string): string[] {
  const names = root.split('/').slice(0, -1);
  const folders = names.map((_, index) => names.slice(0, index + 1).join('/'));
  return root === '.' ? [] : ['.', ...folders];
}

/**
 * Globs below the root as Nx's inputs: by the project where all that they match
 * is its own, so that it reads as a user would write it, else by the workspace.
 */
export function filesets(
  areas: readonly Area[],
  negations: readonly string[],
  site: Site,
  nesting: Nesting,
): string[] {
  const own = areas.filter((area) => nesting.isOf(area, site));
  const other = areas.filter((area) => !own.includes(area));
  const folder = folderOf(site.root);
  const ofProject = (glob: string) =>
    `{projectRoot}/${folder === '' ? glob : glob.slice(folder.length + 1)}`;
  const ofWorkspace = (glob: string) => `{workspaceRoot}/${glob}`;
  // Without anything to take from, Nx takes them from all files that there are.
  const forProject =
    own.length > 0 ? negations.filter((glob) => isBelow(glob, folder)) : [];
  const forWorkspace = other.length > 0 ? negations : [];
  return [
    ...own.flatMap(globsOf).map(ofProject),
    ...other.flatMap(globsOf).map(ofWorkspace),
    ...forProject.map((glob) => `!${ofProject(glob)}`),
    ...forWorkspace.map((glob) => `!${ofWorkspace(glob)}`),
  ].filter((each, index, all) => all.indexOf(each) === index);
}

function isBelow(glob: string, folder: string): boolean {
  return folder === '' || glob.startsWith(`${folder}/`);
}
