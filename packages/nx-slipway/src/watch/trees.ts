import { dirname, sep } from 'node:path';
import type { WatchedTree } from './types';
import { isWithin, type Way } from './way';

/** All that was asked for of one path. */
export interface Tree {
  readonly path: string;
  /** One for each who asked; without one nothing is pruned. */
  readonly prunes: WatchedTree['prunes'][];
  /** None until it is followed. */
  way?: Way;
}

/** What is watched, and who wants what of it. Paths have no links, but those of trees. */
export class Trees {
  private byPath: ReadonlyMap<string, Tree> = new Map();
  private byStep: ReadonlyMap<string, readonly Tree[]> = new Map();
  private byFolder: ReadonlyMap<string, readonly Tree[]> = new Map();
  private linked: readonly Tree[] = [];

  get all(): Iterable<Tree> {
    return this.byPath.values();
  }

  /** Those of the same path keep their ways. */
  replace(trees: readonly WatchedTree[]): void {
    const byPath = new Map<string, Tree>();
    for (const { path, prunes } of trees) {
      const tree = byPath.get(path);
      if (tree) tree.prunes.push(prunes);
      else {
        const way = this.byPath.get(path)?.way;
        byPath.set(path, { path, prunes: [prunes], way });
      }
    }
    this.byPath = byPath;
  }

  /** To be called after ways have changed. */
  noteWays(): void {
    const all = [...this.all];
    this.byStep = grouped(all, ({ way }) =>
      (way?.steps ?? []).map(({ path }) => path),
    );
    this.byFolder = grouped(all, (tree) => folderOf(tree) ?? []);
    this.linked = all.filter(
      (tree) => (folderOf(tree) ?? tree.path) !== tree.path,
    );
  }

  /** Those whose ways lead through a path, or end there. */
  through(path: string): readonly Tree[] {
    return this.byStep.get(path) ?? [];
  }

  /** Those that are that very folder. */
  rootedAt(folder: string): readonly Tree[] {
    return this.byFolder.get(folder) ?? [];
  }

  /** The folders that trees are, the outermost first. */
  folders(): string[] {
    return [...this.byFolder.keys()].sort((a, b) => a.length - b.length);
  }

  /** Where trees lie, or would. */
  *places(): Iterable<string> {
    for (const { way } of this.all) {
      const place = way?.real ?? way?.steps.at(-1)?.folder;
      if (place !== undefined) yield place;
    }
  }

  /** Those that want a folder and what is in it. */
  wanting(folder: string): Tree[] {
    const isWanted = (tree: Tree) => {
      const own = folderOf(tree);
      if (own === undefined || !isWithin(folder, own)) return false;
      for (let at = folder; at !== own; at = dirname(at)) {
        if (isPruned(tree, at)) return false;
      }
      return true;
    };
    return [...this.all].filter(isWanted);
  }

  /** Its own, and that by which trees know it that links lead to. */
  namesOf(path: string): string[] {
    const names = [path];
    for (const tree of this.linked) {
      const own = folderOf(tree);
      if (own && isWithin(path, own)) names.push(nameIn(tree, path));
    }
    return names;
  }
}

/** Whether nobody who asked for a tree wants a folder in it. */
export function isPruned(tree: Tree, folder: string): boolean {
  const name = nameIn(tree, folder);
  return tree.prunes.every((prunes) => prunes?.(name));
}

function folderOf({ way }: Tree): string | undefined {
  return way?.end === 'folder' ? way.real : undefined;
}

function nameIn(tree: Tree, path: string): string {
  const own = folderOf(tree) ?? tree.path;
  if (own === tree.path) return path;
  const rest = path.slice(own.length);
  return tree.path + (rest && own.endsWith(sep) ? sep + rest : rest);
}

function grouped(
  trees: readonly Tree[],
  keysOf: (tree: Tree) => string | readonly string[],
): Map<string, Tree[]> {
  const groups = new Map<string, Tree[]>();
  for (const tree of trees) {
    for (const key of new Set([keysOf(tree)].flat())) {
      const group = groups.get(key);
      if (group) group.push(tree);
      else groups.set(key, [tree]);
    }
  }
  return groups;
}
