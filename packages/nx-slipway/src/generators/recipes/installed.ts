import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { broken } from './broken';
import { sharedRecipe } from './builtin';
import { packageFolder, type PackageFolder } from './package-folder';
import { parseRecipe } from './parse-recipe';
import type { Recipe } from './recipe';

/** What the recipes of a package are called by in its package.json. */
const KEY = 'nx-slipway';

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly devDependencies?: Readonly<Record<string, unknown>>;
  readonly [KEY]?: unknown;
}

/**
 * The recipes of every package that the workspace names itself, as
 * `@acme/recipes:kaniko`. They are data: nothing of the package is run.
 * @throws SLIPWAY_E_RECIPE
 */
export function installedRecipes(tree: Tree): Recipe[] {
  const { dependencies, devDependencies } = read(tree, 'package.json') ?? {};
  const names = Object.keys({ ...dependencies, ...devDependencies }).sort();
  return names.flatMap((name) => recipesOf(tree, name) ?? []);
}

/**
 * @returns undefined where the package is not installed, or has no recipes
 * @throws SLIPWAY_E_RECIPE
 */
export function recipesOf(tree: Tree, name: string): Recipe[] | undefined {
  // What is asked for by hand, too, stays below node_modules.
  if (!/^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/.test(name)) return undefined;
  const json = read(tree, `node_modules/${name}/package.json`);
  const entry = json?.[KEY];
  if (entry === undefined || entry === null) return undefined;
  const at = (entry as { recipes?: unknown }).recipes;
  if (typeof at !== 'string') {
    throw broken(
      `${name}/package.json: ${KEY}.recipes`,
      'is no folder of the package',
    );
  }
  const folder = packageFolder(tree, name);
  return folder
    .folders(at)
    .filter(
      (each) => folder.read(posix.join(at, each, 'recipe.json')) !== undefined,
    )
    .map((each) => recipeIn(folder, name, at, each));
}

function recipeIn(
  folder: PackageFolder,
  packageName: string,
  at: string,
  name: string,
): Recipe {
  return parseRecipe(
    {
      where: posix.join(packageName, at, name),
      name,
      prefix: `${packageName}:`,
      read: (path) => folder.read(posix.join(at, name), path),
    },
    sharedRecipe,
  );
}

function read(tree: Tree, path: string): PackageJson | undefined {
  try {
    const text = tree.read(path, 'utf8');
    return text ? (JSON.parse(text) as PackageJson) : undefined;
  } catch {
    // No package of ours to judge: npm and Nx tell of it.
    return undefined;
  }
}
