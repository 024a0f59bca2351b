import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRecipe } from './parse-recipe';
import type { Recipe } from './recipe';

/** In the order in which a project's files are asked: what is more special to a project comes first. */
export const BUILDERS = [
  'docker',
  'ko',
  'jib-maven',
  'jib-gradle',
  'bazel',
  'buildah',
  'podman',
  'nix',
  'earthly',
  'pack',
  'script',
  'buildx',
  'nerdctl',
  'buildx-kubernetes',
  'bazel-remote',
] as const;

const parsed = new Map<string, Recipe>();

/** Those of this package. */
export function recipes(): readonly Recipe[] {
  return BUILDERS.map(builtin);
}

/** What others may take over parts of. */
export function sharedRecipe(name: string): Recipe | undefined {
  const found = BUILDERS.find((builder) => builder === name);
  return found && builtin(found);
}

function builtin(name: (typeof BUILDERS)[number]): Recipe {
  const recipe =
    parsed.get(name) ??
    parseRecipe(
      {
        where: `nx-slipway/src/generators/recipes/${name}`,
        name,
        prefix: '',
        read: (path) => readOwn(join(__dirname, name, path)),
      },
      sharedRecipe,
    );
  parsed.set(name, recipe);
  return recipe;
}

function readOwn(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
