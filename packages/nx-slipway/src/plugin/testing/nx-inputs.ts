import { posix } from 'node:path';

// Nx's own: the engine that its hasher matches with.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- nx has no face for it
const { matchGlobPaths } = require('nx/src/native') as {
  matchGlobPaths: (
    globs: readonly string[],
    paths: readonly string[],
  ) => boolean[];
};

type NamedInputs = Readonly<Record<string, readonly unknown[]>>;

export interface HashedProject {
  readonly root: string;
  readonly namedInputs?: NamedInputs;
}

export interface HashedWorkspace {
  /** Of all projects. */
  readonly roots: readonly string[];
  /** Below the root, all that Nx lists. */
  readonly files: readonly string[];
  /** Of nx.json. */
  readonly namedInputs?: NamedInputs;
}

const FILESET = /^(!?)\{(workspaceRoot|projectRoot)\}\/?(.*)$/;

/**
 * The files that Nx hashes for the inputs of a project's target. Filesets of
 * one token are one group: what its `!` match is taken from what its others
 * match, and where it has no others, from all. Those of the project are matched
 * against its own files alone, which the innermost project has.
 */
export function hashedFiles(
  inputs: readonly unknown[],
  project: HashedProject,
  workspace: HashedWorkspace,
): Set<string> {
  const groups = { projectRoot: [] as string[], workspaceRoot: [] as string[] };
  const seen = new Set<string>();
  const visit = (input: unknown): void => {
    const text = typeof input === 'string' ? input : textOf(input);
    const [, not = '', token, path = ''] = FILESET.exec(text ?? '') ?? [];
    if (token === 'projectRoot' || token === 'workspaceRoot') {
      const base = token === 'projectRoot' ? project.root : '.';
      groups[token].push(not + posix.join(base, path));
    } else if (text !== undefined && !text.startsWith('^') && !seen.has(text)) {
      seen.add(text);
      const named =
        project.namedInputs?.[text] ?? workspace.namedInputs?.[text];
      if (!named) throw new Error(`Nx knows no input "${text}".`);
      named.forEach(visit);
    }
  };
  inputs.forEach(visit);
  const own = workspace.files.filter(
    (file) => ownerOf(file, workspace.roots) === project.root,
  );
  return new Set([
    ...matching(groups.projectRoot, own),
    ...matching(groups.workspaceRoot, workspace.files),
  ]);
}

function textOf(input: unknown): string | undefined {
  const { fileset, input: name } = Object(input) as Record<string, unknown>;
  return (fileset ?? name) as string | undefined;
}

function matching(globs: readonly string[], files: readonly string[]) {
  if (globs.length === 0 || files.length === 0) return [];
  const matched = matchGlobPaths(globs, files);
  return files.filter((_, index) => matched[index]);
}

function ownerOf(file: string, roots: readonly string[]): string | undefined {
  const holding = roots.filter(
    (root) => root === '.' || file.startsWith(`${root}/`),
  );
  return holding.sort((one, other) => depth(other) - depth(one))[0];
}

function depth(root: string): number {
  return root === '.' ? 0 : root.split('/').length;
}
